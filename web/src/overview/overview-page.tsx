'use client'
import type { TopologyAnswer } from '@skein/schemas/api/topology'
import type { EdgeDiff } from '@skein/schemas/api/topology-diff'
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
  const empty = topology.data?.nodes.length === 0 && services.data?.services.length === 0
  return (
    <Page title={t('overview')} after={topology.data !== undefined && <Verdict topology={topology.data} recent={changes.recent.edges} />}>
      {!empty && <KeyFigures topology={topology.data} status={status.data} intake={lines} />}
      <div className="grid flex-none items-start gap-3 wide:grid-cols-[minmax(0,1fr)_380px]">
        <div className="flex min-w-0 flex-col gap-3">
          {empty ? (
            <Card>
              <EmptyState />
            </Card>
          ) : (
            <WrongCard topology={topology} changes={changes} />
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
function Verdict({ topology, recent }: { topology: TopologyAnswer; recent: readonly EdgeDiff[] }) {
  const t = useTranslations('overview')
  const found = useMemo(() => findings(topology, recent), [topology, recent])
  const worst = found[0]
  if (worst === undefined) return null
  return (
    <>
      <HealthMark health={worst.health} />
      <b className="font-semibold">{t('found', { count: found.length })}</b>
    </>
  )
}
