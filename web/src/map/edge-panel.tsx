'use client'
import { type EdgeAnswer, edgeAnswer, type EdgeExemplar, type TopologyEdge } from '@skein/schemas/api/topology'
import type { EdgeDiff, TopologyDiffAnswer } from '@skein/schemas/api/topology-diff'
import { useTranslations } from 'next-intl'
import { useAnswer } from '../api/use-answer.ts'
import { useFormat } from '../format/use-format.ts'
import { type LinkParameters, useScope } from '../url/view-state.ts'
import { tracesBehind } from '../services/red-columns.tsx'
import { useRatedWindow } from '../services/use-rated-window.ts'
import { AnswerGate } from '../ui/answer-gate.tsx'
import { Tag } from '../ui/chip.tsx'
import { EvidenceChips } from '../ui/evidence-chip.tsx'
import { HealthMark } from '../ui/health-mark.tsx'
import { SidePanel } from '../ui/side-panel.tsx'
import { ViewLink } from '../ui/view-link.tsx'
import { Causes, ChangeTag, Effects } from './difference.tsx'
import { EdgeCharts } from './edge-charts.tsx'
import { EdgeInstances } from './edge-instances.tsx'
import { edgeP95Ms } from './edge-look.ts'
import { EdgeLogs } from './edge-logs.tsx'
import { Exemplars, longestOnTheWay, PanelFigures, PanelRows, PanelSection, ReasonTag } from './panel-parts.tsx'
import { SplitBars } from './split-bars.tsx'
import { tracesOfPart, tracesOfWindow } from './traces-behind.ts'

export interface EdgePanelProps {
  edge: TopologyEdge
  source: string
  target: string
  /** The search for traces with its calls; null where there are none. */
  traced: LinkParameters | null
  seconds: number
  onClose: () => void
  /** How it differs from the window compared with, and which that is. */
  difference?: EdgeDiff
  base?: TopologyDiffAnswer['base']
}

/** One edge: what the map knows at once, then its series, operations, instances and exemplars as they come. */
export function EdgePanel({ edge, source, target, traced, seconds, onClose, difference, base }: EdgePanelProps) {
  const t = useTranslations('map.panel')
  const { start, end } = useScope()
  // what vanished is looked up where it was
  const past = difference?.change === 'vanished' ? base : undefined
  const query = past === undefined ? { start, end } : { start: past.start, end: past.end }
  const answer = useAnswer(`/api/topology/edges/${edge.id}`, edgeAnswer, { query })
  // the answer before may be of another edge
  const own = answer.data !== undefined && answer.data.edge.id !== edge.id ? { ...answer, data: undefined } : answer
  return (
    <SidePanel label={t('edge')} title={<Title edge={edge} source={source} target={target} />} onClose={onClose}>
      <div className="flex flex-wrap gap-1 px-3 pt-1">
        <Tag>{edge.kind}</Tag>
        <ReasonTag of={edge} />
        {difference !== undefined && <ChangeTag edge={difference} />}
        {edge.crossCluster && <Tag>{t('crossCluster')}</Tag>}
        <EvidenceChips evidence={edge.evidence} />
      </div>
      <Figures edge={edge} seconds={seconds} traced={traced} />
      {difference !== undefined && <DifferenceSections difference={difference} />}
      <PanelSection
        title={t('whereTime')}
        end={
          <ViewLink path="/bottlenecks" parameters={{ through: target }}>
            {t('bottlenecks')}
          </ViewLink>
        }
      >
        <SplitBars edge={edge} />
        <QueueWait edge={edge} exemplars={own.data?.edge.exemplars ?? []} traced={traced} />
      </PanelSection>
      <AnswerGate answer={own as typeof answer}>
        {(data) => <EdgeDetail data={data} traced={past === undefined ? tracesOfWindow(traced) : traced} />}
      </AnswerGate>
    </SidePanel>
  )
}

function Figures({ edge, seconds, traced }: Pick<EdgePanelProps, 'edge' | 'seconds' | 'traced'>) {
  const t = useTranslations('map.panel')
  const format = useFormat()
  const p95 = edgeP95Ms(edge)
  const bad = edge.health === 'bad' ? ({ tone: 'bad' } as const) : {}
  const was = edge.weekAgoP95Ms === null ? {} : { was: t('lastWeek', { value: format.text(format.duration(edge.weekAgoP95Ms)) }) }
  const behind = (which: 'all' | 'failed' | 'slow') => (traced === null ? null : tracesBehind(edge, traced, which))
  return (
    <PanelFigures
      figures={[
        { label: t('rate'), figure: format.rate(edge.calls, seconds), evidence: behind('all') },
        {
          label: t('errors'),
          figure: format.share(edge.errors, edge.calls),
          ...(edge.errors > 0 ? bad : {}),
          evidence: behind('failed'),
        },
        {
          label: edge.client === null ? t('serverP95') : t('clientP95'),
          figure: p95 === null ? null : format.duration(p95),
          ...bad,
          ...was,
          evidence: behind('slow'),
        },
        edge.sessions === null
          ? { label: t('calls'), figure: format.count(edge.calls), evidence: behind('all') }
          : { label: t('sessions'), figure: format.count(edge.sessions), evidence: behind('all') },
      ]}
    />
  )
}

function DifferenceSections({ difference }: { difference: EdgeDiff }) {
  const t = useTranslations('map.diff')
  return (
    <>
      {difference.effects.length > 0 && (
        <PanelSection title={t('effects')}>
          <Effects effects={difference.effects} />
        </PanelSection>
      )}
      <PanelSection title={t('causes')}>
        <Causes causes={difference.causes} />
      </PanelSection>
    </>
  )
}

/** Leads to what waited longest, and to the longest traces of the edge while that is not known. */
function QueueWait({ edge, exemplars, traced }: Pick<EdgePanelProps, 'edge' | 'traced'> & { exemplars: readonly EdgeExemplar[] }) {
  const t = useTranslations('map.panel')
  const format = useFormat()
  if (edge.queueWait === null) return null
  const longest = longestOnTheWay(exemplars)
  const behind = traced === null ? null : tracesBehind(edge, traced, 'slow')
  const evidence = longest === undefined ? behind : { path: '/trace', parameters: { id: longest.traceId, span: longest.spanId } }
  const figure = (
    <>
      {t('queueWait')} <b className="font-semibold">{format.text(format.duration(edge.queueWait.p95Ms))}</b> p95
    </>
  )
  return <p className="mt-1 text-t2">{evidence === null ? figure : <ViewLink {...evidence}>{figure}</ViewLink>}</p>
}

function Title({ edge, source, target }: Pick<EdgePanelProps, 'edge' | 'source' | 'target'>) {
  return (
    <>
      <HealthMark health={edge.health} size={14} />
      <h2 className="truncate text-14" title={`${source} → ${target}`}>
        {source} → {target}
      </h2>
    </>
  )
}

function EdgeDetail({ data, traced }: { data: EdgeAnswer; traced: LinkParameters | null }) {
  const t = useTranslations('map.panel')
  const format = useFormat()
  const { seconds } = useRatedWindow(data.window)
  const heads = [t('operation'), t('rate'), 'p95'] as const
  return (
    <>
      <EdgeCharts data={data} />
      {data.edge.exemplars.length > 0 && (
        <PanelSection
          flush
          title={t('exemplars')}
          end={
            traced !== null && (
              <ViewLink path="/traces" parameters={traced}>
                {t('allTraces')}
              </ViewLink>
            )
          }
        >
          <Exemplars edge={data.edge} />
        </PanelSection>
      )}
      {data.operations.length > 0 && (
        <PanelSection flush title={t('operations')} end={format.integer(data.operations.length)}>
          <PanelRows
            label={t('operations')}
            heads={heads}
            rows={data.operations.map((row) => ({
              key: row.operation,
              name: row.operation,
              rate: format.text(format.rate(row.calls, seconds)),
              last: row.p95Ms === null ? '–' : format.text(format.duration(row.p95Ms)),
              traced: tracesOfPart(traced, { operation: row.operation }),
            }))}
          />
        </PanelSection>
      )}
      <EdgeInstances data={data} seconds={seconds} traced={traced} />
      <EdgeLogs data={data} />
    </>
  )
}
