'use client'
import { instancesAnswer, operationsAnswer, seriesAnswer, type SeriesAnswer } from '@skein/schemas/api/services'
import type { TopologyNode } from '@skein/schemas/api/topology'
import { useTranslations } from 'next-intl'
import { useMemo } from 'react'
import { useAnswer } from '../api/use-answer.ts'
import { useFormat } from '../format/use-format.ts'
import type { TimeRange } from '../url/time-range.ts'
import { type LinkParameters, useScope } from '../url/view-state.ts'
import { tracesBehind } from '../services/red-columns.tsx'
import { sentBy, serviceLink } from '../services/service-link.ts'
import { useRatedWindow } from '../services/use-rated-window.ts'
import { AnswerGate } from '../ui/answer-gate.tsx'
import { Button } from '../ui/button.tsx'
import { Tag } from '../ui/chip.tsx'
import { HealthMark } from '../ui/health-mark.tsx'
import { SidePanel } from '../ui/side-panel.tsx'
import { TimeSeriesChart } from '../ui/time-series-chart.tsx'
import { ViewLink } from '../ui/view-link.tsx'
import type { Topology } from './neighbourhood.ts'
import { worstFirst } from './fold-instances.ts'
import { NodeEdges } from './node-edges.tsx'
import { PanelFigures, PanelRows, PanelSection, ReasonTag } from './panel-parts.tsx'

export interface NodePanelProps {
  node: TopologyNode
  /** The search for traces with what is done there; null where there are none. */
  traced: LinkParameters | null
  /** The time that its numbers are of, when it is another than the page's. */
  within: TimeRange | null
  topology: Topology
  seconds: number
  onEdge: (id: string) => void
  onFocus: () => void
  onClose: () => void
}

/** One node: its numbers, who calls it and whom it calls, and for a service its series, operations and instances. */
export function NodePanel({ node, traced, within, topology, seconds, onEdge, onFocus, onClose }: NodePanelProps) {
  const t = useTranslations('map.panel')
  const kinds = useTranslations('map.kind')
  const format = useFormat()
  const tone = node.health === 'bad' ? ({ tone: 'bad' } as const) : {}
  const behind = (which: 'all' | 'failed' | 'slow') => (traced === null ? {} : { evidence: tracesBehind(node, traced, which) })
  return (
    <SidePanel label={t('node')} title={<Title node={node} />} onClose={onClose}>
      <div className="flex flex-wrap items-center gap-1 px-3 pt-1">
        <Tag>{kinds(node.kind)}</Tag>
        <ReasonTag of={node} />
        {node.proxy !== null && <Tag>{t('proxy', { software: node.proxy })}</Tag>}
        {[node.environment, node.cluster, node.namespace]
          .filter((part) => part !== '')
          .map((part) => (
            <Tag key={part}>{part}</Tag>
          ))}
      </div>
      <PanelFigures
        figures={[
          { label: t('rate'), figure: format.rate(node.calls, seconds), ...behind('all') },
          { label: t('errors'), figure: format.share(node.errors, node.calls), ...(node.errors > 0 ? tone : {}), ...behind('failed') },
          {
            label: 'p95',
            figure: node.p95Ms === null ? null : format.duration(node.p95Ms),
            ...tone,
            ...behind('slow'),
            ...(node.weekAgoP95Ms === null ? {} : { was: t('lastWeek', { value: format.text(format.duration(node.weekAgoP95Ms)) }) }),
          },
          ...(node.kind === 'service'
            ? [{ label: t('instances'), figure: format.count(node.instances), evidence: { ...serviceLink(node), hash: 'instances' } }]
            : [{ label: t('calls'), figure: format.count(node.calls), ...behind('all') }]),
        ]}
      />
      <div className="flex flex-wrap items-center gap-2 px-3 pb-2.5">
        <Button small onClick={onFocus}>
          {t('focus')}
        </Button>
        <ViewLink path="/bottlenecks" parameters={{ through: node.name }}>
          {t('whereTime')}
        </ViewLink>
        {node.kind === 'service' && <ViewLink {...serviceLink(node)}>{t('openService')}</ViewLink>}
        {traced !== null && (
          <ViewLink path="/traces" parameters={traced}>
            {t('allTraces')}
          </ViewLink>
        )}
      </div>
      {node.kind === 'service' && <ServiceCharts node={node} />}
      <NodeEdges node={node} topology={topology} within={within} seconds={seconds} onEdge={onEdge} />
      {node.kind === 'service' && <ServiceLists node={node} />}
    </SidePanel>
  )
}

function Title({ node }: { node: TopologyNode }) {
  return (
    <>
      <HealthMark health={node.health} size={14} />
      <h2 className="truncate text-14" title={node.name}>
        {node.name}
      </h2>
    </>
  )
}

/** The node's own place: two clusters may hold a service of one name. */
function useServiceQuery({ name, environment, cluster, namespace }: TopologyNode) {
  const { start, end } = useScope()
  const query = useMemo(() => ({ start, end, environment, cluster, namespace }), [start, end, environment, cluster, namespace])
  return { path: `/api/services/${encodeURIComponent(name)}`, query }
}

function ServiceCharts({ node }: { node: TopologyNode }) {
  const { path, query } = useServiceQuery(node)
  const answer = useAnswer(`${path}/series`, seriesAnswer, { query })
  return <AnswerGate answer={answer}>{(data) => <RedCharts data={data} />}</AnswerGate>
}

function RedCharts({ data }: { data: SeriesAnswer }) {
  const t = useTranslations('map.panel')
  const format = useFormat()
  const times = useMemo(() => data.points.map((point) => Date.parse(point.time)), [data.points])
  const series = useMemo(
    () => ({
      rate: [{ id: 'rate', label: t('rate'), values: data.points.map((point) => point.calls / data.stepSeconds), color: 'cat-1', filled: true }],
      errors: [
        {
          id: 'errors',
          label: t('errors'),
          values: data.points.map((point) => (point.calls > 0 ? (point.errors / point.calls) * 100 : null)),
          color: 'bad',
          filled: true,
        },
      ],
      duration: [
        { id: 'p99', label: 'p99', values: data.points.map((point) => point.p99Ms), color: 'cat-5' },
        { id: 'p95', label: 'p95', values: data.points.map((point) => point.p95Ms), color: 'cat-1' },
        { id: 'p50', label: 'p50', values: data.points.map((point) => point.p50Ms), color: 'cat-1', dashed: true },
      ],
    }),
    [data, t],
  )
  return (
    <>
      <PanelSection flush title={t('rate')} end={t('perSecond')}>
        <TimeSeriesChart label={t('rate')} times={times} series={series.rate} formatValue={(value) => format.text(format.rate(value, 1))} height={84} />
      </PanelSection>
      <PanelSection flush title={t('errors')} end={t('ofCalls')}>
        <TimeSeriesChart label={t('errors')} times={times} series={series.errors} formatValue={(value) => format.text(format.share(value, 100))} height={84} />
      </PanelSection>
      <PanelSection flush title={t('duration')} end={t('serverSide')}>
        <TimeSeriesChart
          label={t('duration')}
          times={times}
          series={series.duration}
          formatValue={(value) => format.text(format.duration(value))}
          height={130}
        />
      </PanelSection>
    </>
  )
}

/** Operations and instances that are listed: the page of the service has all. */
const LISTED = 20

function ServiceLists({ node }: { node: TopologyNode }) {
  const t = useTranslations('map.panel')
  const format = useFormat()
  const { path, query } = useServiceQuery(node)
  const operations = useAnswer(`${path}/operations`, operationsAnswer, { query })
  const instances = useAnswer(`${path}/instances`, instancesAnswer, { query })
  const { seconds } = useRatedWindow(operations.data?.window ?? instances.data?.window)
  const traced = sentBy(node)
  const figures = (row: { calls: number; p95Ms: number | null }) => ({
    rate: format.text(format.rate(row.calls, seconds)),
    last: row.p95Ms === null ? '–' : format.text(format.duration(row.p95Ms)),
  })
  return (
    <>
      <PanelSection flush title={t('operations')} end={operations.data === undefined ? '' : format.integer(operations.data.operations.length)}>
        <AnswerGate answer={operations}>
          {(data) => (
            <PanelRows
              label={t('operations')}
              heads={[t('operation'), t('rate'), 'p95']}
              rows={data.operations
                .slice(0, LISTED)
                .map((row) => ({ key: `${row.kind} ${row.operation}`, name: row.operation, ...figures(row), traced: { ...traced, operation: row.operation } }))}
            />
          )}
        </AnswerGate>
      </PanelSection>
      <PanelSection flush title={t('instances')} end={instances.data === undefined ? '' : format.integer(instances.data.instances.length)}>
        <AnswerGate answer={instances}>
          {(data) => (
            <PanelRows
              label={t('instances')}
              heads={[t('instance'), t('rate'), 'p95']}
              rows={worstFirst(data.instances)
                .slice(0, LISTED)
                .map((row) => ({
                  key: row.instance,
                  name: <Instance name={row.instance} version={row.version} />,
                  ...figures(row),
                  traced: row.instance === '' ? null : { ...traced, instance: row.instance },
                }))}
              more={data.instances.length > LISTED ? t('moreInstances', { count: data.instances.length - LISTED }) : null}
            />
          )}
        </AnswerGate>
      </PanelSection>
    </>
  )
}

function Instance({ name, version }: { name: string; version: string }) {
  return (
    <span title={`${name} ${version}`}>
      {name} <span className="text-t3">{version}</span>
    </span>
  )
}
