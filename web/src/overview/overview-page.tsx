'use client'
import { useTranslations } from 'next-intl'
import { useMemo } from 'react'
import { answeredAtMs } from '../api/answered-at.ts'
import { useIntake, useServices, useStatus, useTopology } from '../api/questions.ts'
import { browserNowMs } from '../frame/browser-clock.ts'
import { Page } from '../frame/page.tsx'
import { intakeLines } from '../intake/intake-lines.ts'
import { Card } from '../ui/card.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { HealthMark } from '../ui/health-mark.tsx'
import { ChangedCard } from './changed-card.tsx'
import { findings } from './findings.ts'
import { type Incident, incidentsOf } from './incidents.ts'
import { KeyFigures } from './key-figures.tsx'
import { ReceivedCard } from './received-card.tsx'
import { useChanges } from './use-changes.ts'
import { WorstServices } from './worst-services.tsx'
import { WrongCard } from './wrong-card.tsx'

/** Is anything wrong? */
export function OverviewPage() {
  const t = useTranslations('nav')
  const status = useStatus()
  const topology = useTopology()
  const services = useServices()
  const intake = useIntake()
  const changes = useChanges()
  const nowMs = answeredAtMs(intake, browserNowMs())
  const lines = useMemo(() => (intake.data === undefined ? null : intakeLines(intake.data.series, nowMs)), [intake.data, nowMs])
  const incidents = useMemo(
    () => (topology.data === undefined ? [] : incidentsOf(findings(topology.data, changes.recent.edges))),
    [topology.data, changes.recent.edges],
  )
  const empty = topology.data?.nodes.length === 0 && services.data?.services.length === 0
  return (
    <Page title={t('overview')} after={<Verdict incidents={incidents} />}>
      {!empty && <KeyFigures topology={topology.data} incidents={incidents} status={status.data} intake={lines} />}
      <div className="grid flex-none items-start gap-3 wide:grid-cols-[minmax(0,1fr)_380px]">
        <div className="flex min-w-0 flex-col gap-3">
          {empty ? (
            <Card>
              <EmptyState />
            </Card>
          ) : (
            <WrongCard topology={topology} incidents={incidents} changes={changes} />
          )}
          {!empty && !topology.isLoadingError && <WorstServices services={services} />}
        </div>
        <div className="flex min-w-0 flex-col gap-3">
          {!empty && !topology.isLoadingError && <ChangedCard changes={changes} />}
          <ReceivedCard status={status} intake={empty ? null : lines} />
        </div>
      </div>
    </Page>
  )
}

/** The worst there is and how much of it, beside the heading. */
function Verdict({ incidents }: { incidents: readonly Incident[] }) {
  const t = useTranslations('overview')
  const [first] = incidents
  if (first === undefined) return null
  return (
    <>
      <HealthMark health={first.worst.health} />
      <b className="font-semibold">{t('found', { count: incidents.length })}</b>
    </>
  )
}
