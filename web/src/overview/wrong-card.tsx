'use client'
import type { TopologyAnswer } from '@skein/schemas/api/topology'
import { useTranslations } from 'next-intl'
import type { Answer } from '../api/use-answer.ts'
import { useFormat } from '../format/use-format.ts'
import { useRangeText } from '../frame/use-range-text.ts'
import { useRatedWindow } from '../services/use-rated-window.ts'
import { AnswerGate } from '../ui/answer-gate.tsx'
import { Card } from '../ui/card.tsx'
import { HealthMark } from '../ui/health-mark.tsx'
import { ViewLink } from '../ui/view-link.tsx'
import type { Finding } from './findings.ts'
import { IncidentRow, type IncidentRowProps } from './incident-row.tsx'
import type { Incident } from './incidents.ts'
import type { Changes } from './use-changes.ts'

const SHOWN = 3

/** What is wrong now, from the health of services and edges. */
export function WrongCard({ topology, ...rest }: { topology: Answer<TopologyAnswer>; incidents: readonly Incident[]; changes: Changes }) {
  const t = useTranslations('overview')
  const format = useFormat()
  const checked = topology.dataUpdatedAt > 0 ? format.clockSeconds(topology.dataUpdatedAt) : null
  return (
    <Card
      title={t('wrong')}
      sub={t('wrongSub')}
      busy={topology.isPlaceholderData}
      end={checked !== null && <span className="text-11 text-t3">{t('checked', { time: checked })}</span>}
    >
      <AnswerGate answer={topology}>{(data) => <Incidents topology={data} checked={checked ?? ''} {...rest} />}</AnswerGate>
    </Card>
  )
}

interface IncidentsProps {
  topology: TopologyAnswer
  incidents: readonly Incident[]
  checked: string
  changes: Changes
}

function Incidents({ topology, incidents, checked, changes }: IncidentsProps) {
  const t = useTranslations('overview')
  const range = useRangeText()
  const { seconds } = useRatedWindow(topology.window)
  if (incidents.length === 0) {
    const services = topology.nodes.filter((node) => node.kind === 'service').length
    const worse = changes.all.filter(({ effect }) => effect?.worse).length
    return (
      <div className="flex items-start gap-2 border-t border-line px-3 py-4">
        <HealthMark health="ok" size={14} />
        <div>
          <p className="font-semibold">{t('nothingWrong', { range })}</p>
          <p className="text-t2">{t('nothingWrongBody', { time: checked, services, edges: topology.edges.length })}</p>
          {worse > 0 && (
            <p className="text-t2">
              <ViewLink path="/map" parameters={changes.parameters}>
                {t('someWorse', { count: worse })}
              </ViewLink>
            </p>
          )}
        </div>
      </div>
    )
  }
  return (
    <>
      <ul>
        {incidents.slice(0, SHOWN).map((incident) => (
          <IncidentRow key={incident.worst.id} incident={incident} seconds={seconds} {...differenceOf(incident.worst, changes)} />
        ))}
      </ul>
      {incidents.length > SHOWN && (
        <p className="border-t border-line px-3 py-2">
          <ViewLink path="/map" parameters={{ view: 'table' }}>
            {t('more', { count: incidents.length - SHOWN })}
          </ViewLink>
        </p>
      )}
    </>
  )
}

/** What got worse inside the window is shown against what it was before that. */
function differenceOf(finding: Finding, { recent, diff, parameters }: Changes): Pick<IncidentRowProps, 'difference' | 'parameters'> {
  const isRecent = finding.kind === 'edge' && finding.worse !== null
  const edges = isRecent ? recent.edges : (diff.data?.edges ?? [])
  return { difference: edges.find(({ id }) => id === finding.id), parameters: isRecent ? recent.parameters : parameters }
}
