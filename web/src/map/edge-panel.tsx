'use client'
import { type EdgeAnswer, edgeAnswer, type TopologyEdge } from '@skein/schemas/api/topology'
import { useTranslations } from 'next-intl'
import { useMemo } from 'react'
import { useAnswer } from '../api/use-answer.ts'
import { useFormat } from '../format/use-format.ts'
import { useScope } from '../url/view-state.ts'
import { AnswerGate } from '../ui/answer-gate.tsx'
import { Tag } from '../ui/chip.tsx'
import { EvidenceChips } from '../ui/evidence-chip.tsx'
import { HealthMark } from '../ui/health-mark.tsx'
import { SidePanel } from '../ui/side-panel.tsx'
import { TimeSeriesChart } from '../ui/time-series-chart.tsx'
import { ViewLink } from '../ui/view-link.tsx'
import { edgeP95Ms } from './edge-look.ts'
import { Exemplars, PanelFigures, PanelRows, PanelSection } from './panel-parts.tsx'
import { SplitBars } from './split-bars.tsx'

export interface EdgePanelProps {
  edge: TopologyEdge
  source: string
  target: string
  seconds: number
  onClose: () => void
}

/** One edge: what the map knows at once, then its series, operations and exemplars as they come. */
export function EdgePanel({ edge, source, target, seconds, onClose }: EdgePanelProps) {
  const t = useTranslations('map.panel')
  const format = useFormat()
  const { start, end } = useScope()
  const answer = useAnswer(`/api/topology/edges/${edge.id}`, edgeAnswer, { query: { start, end } })
  // the answer before may be of another edge
  const own = answer.data !== undefined && answer.data.edge.id !== edge.id ? { ...answer, data: undefined } : answer
  const p95 = edgeP95Ms(edge)
  return (
    <SidePanel label={t('edge')} title={<Title edge={edge} source={source} target={target} />} onClose={onClose}>
      <div className="flex flex-wrap gap-1 px-3 pt-1">
        <Tag>{edge.kind}</Tag>
        <EvidenceChips evidence={edge.evidence} />
      </div>
      <PanelFigures
        figures={[
          { label: t('rate'), figure: format.rate(edge.calls, seconds) },
          { label: t('errors'), figure: format.share(edge.errors, edge.calls), ...(edge.health === 'bad' && edge.errors > 0 ? { tone: 'bad' } : {}) },
          {
            label: edge.client === null ? t('serverP95') : t('clientP95'),
            figure: p95 === null ? null : format.duration(p95),
            ...(edge.health === 'bad' ? { tone: 'bad' } : {}),
          },
          { label: t('calls'), figure: format.count(edge.calls) },
        ]}
      />
      <PanelSection title={t('whereTime')}>
        <SplitBars edge={edge} />
        {edge.queueWait !== null && (
          <p className="mt-1 text-t2">
            {t('queueWait')} <b className="font-semibold text-t1">{format.text(format.duration(edge.queueWait.p95Ms))}</b> p95
          </p>
        )}
      </PanelSection>
      <AnswerGate answer={own as typeof answer}>{(data) => <EdgeDetail data={data} target={target} />}</AnswerGate>
    </SidePanel>
  )
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

function EdgeDetail({ data, target }: { data: EdgeAnswer; target: string }) {
  const t = useTranslations('map.panel')
  const format = useFormat()
  const seconds = (Date.parse(data.window.end) - Date.parse(data.window.start)) / 1000
  const heads = [t('operation'), t('rate'), 'p95'] as const
  const filter = data.target.kind === 'service' ? { service: target } : { service: data.source.name }
  return (
    <>
      <EdgeCharts data={data} />
      {data.edge.exemplars.length > 0 && (
        <PanelSection
          flush
          title={t('exemplars')}
          end={
            <ViewLink path="/traces" parameters={filter}>
              {t('allTraces')}
            </ViewLink>
          }
        >
          <Exemplars exemplars={data.edge.exemplars} />
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
            }))}
          />
        </PanelSection>
      )}
    </>
  )
}

function EdgeCharts({ data }: { data: EdgeAnswer }) {
  const t = useTranslations('map.panel')
  const format = useFormat()
  const times = useMemo(() => data.series.map((point) => Date.parse(point.time)), [data.series])
  const stepSeconds = times.length > 1 ? ((times[1] ?? 0) - (times[0] ?? 0)) / 1000 : 60
  const ms = (value: number): string => format.text(format.duration(value))
  const series = useMemo(
    () => ({
      rate: [{ id: 'rate', label: t('rate'), values: data.series.map((point) => point.calls / stepSeconds), color: 'cat-1', filled: true }],
      errors: [
        {
          id: 'errors',
          label: t('errors'),
          values: data.series.map((point) => (point.calls > 0 ? (point.errors / point.calls) * 100 : null)),
          color: 'bad',
          filled: true,
        },
      ],
      duration: [
        { id: 'p99', label: 'p99', values: data.series.map((point) => point.clientP99Ms), color: 'cat-5' },
        { id: 'p95', label: 'p95', values: data.series.map((point) => point.clientP95Ms), color: 'cat-1' },
        { id: 'p50', label: 'p50', values: data.series.map((point) => point.clientP50Ms), color: 'cat-1', dashed: true },
        { id: 'server', label: t('serverP95'), values: data.series.map((point) => point.serverP95Ms), color: 'text-3' },
      ],
    }),
    [data.series, stepSeconds, t],
  )
  return (
    <>
      <PanelSection flush title={t('rate')} end={t('perSecond')}>
        <TimeSeriesChart label={t('rate')} times={times} series={series.rate} formatValue={(value) => format.text(format.rate(value, 1))} height={84} />
      </PanelSection>
      <PanelSection flush title={t('errors')} end={t('ofCalls')}>
        <TimeSeriesChart label={t('errors')} times={times} series={series.errors} formatValue={(value) => format.text(format.share(value, 100))} height={84} />
      </PanelSection>
      <PanelSection flush title={t('duration')} end={t('clientSide')}>
        <TimeSeriesChart label={t('duration')} times={times} series={series.duration} formatValue={ms} height={130} />
      </PanelSection>
    </>
  )
}
