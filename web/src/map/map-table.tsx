'use client'
import type { TopologyEdge, TopologyNode } from '@skein/schemas/api/topology'
import { useTranslations } from 'next-intl'
import { useMemo } from 'react'
import { useFormat } from '../format/use-format.ts'
import { durationColumn, durationText, rateColumn, tracesBehind, type Which } from '../services/red-columns.tsx'
import { serviceLink } from '../services/service-link.ts'
import { DataTable } from '../ui/data-table.tsx'
import type { Evidence, TableColumn } from '../ui/table-column.ts'
import { evidenceShares } from '../ui/evidence-chip.tsx'
import { HealthMark } from '../ui/health-mark.tsx'
import type { LinkParameters } from '../url/view-state.ts'
import { groupOfNodeId } from './collapse.ts'
import type { HitTarget } from './hit.ts'
import type { LivedPlace } from './scenario-picture.ts'
import { edgeTracer, nodeTracer } from './traces-behind.ts'
import type { MapView } from './use-map-view.ts'

export interface MapTableProps {
  view: MapView
  list: 'edges' | 'nodes'
  selected: string | null
  onSelect: (target: HitTarget) => void
}

/** Everything the picture says, as rows. */
export function MapTable({ view, list, selected, onSelect }: MapTableProps) {
  const t = useTranslations('map')
  const edgeColumns = useEdgeColumns(view)
  const nodeColumns = useNodeColumns(view)
  const className = 'flex-1 bg-surface'
  if (list === 'nodes') {
    return (
      <DataTable
        label={t('nodes')}
        rows={view.shown.nodes}
        columns={nodeColumns}
        rowId={(node) => node.id}
        initialSort={{ id: 'calls', desc: true }}
        selectedId={selected}
        onOpen={({ id }) => onSelect({ kind: 'node', id })}
        className={className}
      />
    )
  }
  return (
    <DataTable
      label={t('edges')}
      rows={view.shown.edges}
      columns={edgeColumns}
      rowId={(edge) => edge.id}
      initialSort={{ id: 'rate', desc: true }}
      selectedId={selected}
      onOpen={({ id }) => onSelect({ kind: 'edge', id })}
      className={className}
    />
  )
}

const HEALTH_ORDER = { bad: 3, degraded: 2, unknown: 1, ok: 0 } as const

/** What of the view the columns are of. */
type Told = Pick<MapView, 'shown' | 'rated' | 'step' | 'lived'>

export function useEdgeColumns({ shown, rated: { seconds }, step, lived }: Told): readonly TableColumn<TopologyEdge>[] {
  const runs = useLivedColumns(lived?.edge ?? null)
  const t = useTranslations('map.table')
  const format = useFormat()
  return useMemo((): readonly TableColumn<TopologyEdge>[] => {
    const traced = edgeTracer(shown, step)
    const behind = (which: Which) => (edge: TopologyEdge) => tracesBehindRow(edge, traced(edge), which)
    const names = new Map(shown.nodes.map((node) => [node.id, node.name]))
    const name = (id: string): string => names.get(id) ?? id
    const duration = (id: string, header: string, value: (edge: TopologyEdge) => number | null): TableColumn<TopologyEdge> => ({
      id,
      header,
      value,
      cell: (edge) => durationText(format, value(edge)),
      numeric: true,
    })
    const evidence = (edge: TopologyEdge): string =>
      evidenceShares(edge.evidence)
        .slice(0, 2)
        .map(({ kind, calls, total }) => `${kind} ${format.text(format.share(calls, total))}`)
        .join(', ')
    return [
      {
        id: 'health',
        header: t('health'),
        cell: (edge) => <HealthMark health={edge.health} />,
        value: (edge) => HEALTH_ORDER[edge.health],
        numeric: false,
        className: 'w-9',
      },
      { id: 'source', header: t('source'), cell: (edge) => <b className="font-medium">{name(edge.source)}</b>, value: (edge) => name(edge.source) },
      { id: 'target', header: t('target'), cell: (edge) => <b className="font-medium">{name(edge.target)}</b>, value: (edge) => name(edge.target) },
      { id: 'kind', header: t('kind'), cell: (edge) => <span className="text-t3">{edge.kind}</span>, value: (edge) => edge.kind },
      { ...rateColumn<TopologyEdge>(t('rate'), format, seconds), evidence: behind('all') },
      {
        id: 'errors',
        header: t('errors'),
        cell: (edge) => format.text(format.share(edge.errors, edge.calls)),
        value: (edge) => (edge.calls > 0 ? edge.errors / edge.calls : null),
        evidence: behind('failed'),
        numeric: true,
      },
      { ...duration('client', t('clientP95'), (edge) => edge.client?.p95Ms ?? null), evidence: behind('slow') },
      { ...duration('server', t('serverP95'), (edge) => edge.server?.p95Ms ?? null), evidence: behind('slow') },
      { ...duration('network', t('networkP95'), (edge) => edge.network?.p95Ms ?? null), evidence: behind('slow'), secondary: true },
      { ...duration('queueWait', t('queueWaitP95'), (edge) => edge.queueWait?.p95Ms ?? null), evidence: behind('slow'), secondary: true },
      {
        id: 'sessions',
        header: t('sessions'),
        cell: (edge) => (edge.sessions === null ? '–' : format.text(format.count(edge.sessions))),
        value: (edge) => edge.sessions,
        evidence: behind('all'),
        numeric: true,
        secondary: true,
      },
      { id: 'evidence', header: t('evidence'), cell: (edge) => <span className="text-t2">{evidence(edge)}</span>, value: evidence, secondary: true },
      ...runs,
    ]
  }, [shown, seconds, step, format, t, runs])
}

export function useNodeColumns({ shown, rated: { seconds }, step, lived }: Told): readonly TableColumn<TopologyNode>[] {
  const runs = useLivedColumns(lived?.node ?? null)
  const t = useTranslations('map.table')
  const kinds = useTranslations('map.kind')
  const format = useFormat()
  return useMemo((): readonly TableColumn<TopologyNode>[] => {
    const traced = nodeTracer(shown, step)
    const behind = (which: Which) => (node: TopologyNode) => tracesBehindRow(node, traced(node), which)
    const percentile = (key: 'p50Ms' | 'p95Ms' | 'p99Ms'): TableColumn<TopologyNode> => ({
      ...durationColumn<TopologyNode>(key, format),
      secondary: key !== 'p95Ms',
      evidence: behind(key === 'p50Ms' ? 'all' : 'slow'),
    })
    return [
      { id: 'health', header: t('health'), cell: (node) => <HealthMark health={node.health} />, value: (node) => HEALTH_ORDER[node.health], className: 'w-9' },
      { id: 'name', header: t('name'), cell: (node) => <b className="font-medium">{node.name}</b>, value: (node) => node.name },
      { id: 'kind', header: t('kind'), cell: (node) => kinds(node.kind), value: (node) => node.kind },
      { id: 'cluster', header: t('cluster'), cell: (node) => node.cluster || '–', value: (node) => node.cluster || null, secondary: true },
      { id: 'namespace', header: t('namespace'), cell: (node) => node.namespace || '–', value: (node) => node.namespace || null, secondary: true },
      { ...rateColumn<TopologyNode>(t('rate'), format, seconds), id: 'calls', evidence: behind('all') },
      {
        id: 'errors',
        header: t('errors'),
        cell: (node) => format.text(format.share(node.errors, node.calls)),
        value: (node) => (node.calls > 0 ? node.errors / node.calls : null),
        evidence: behind('failed'),
        numeric: true,
      },
      ...(['p50Ms', 'p95Ms', 'p99Ms'] as const).map(percentile),
      {
        id: 'instances',
        header: t('instances'),
        cell: (node) => (node.kind === 'service' ? format.integer(node.instances) : '–'),
        value: (node) => (node.kind === 'service' ? node.instances : null),
        evidence: (node) => (groupOfNodeId(node.id) === null ? { ...serviceLink(node), hash: 'instances' } : null),
        numeric: true,
      },
      ...runs,
    ]
  }, [shown, seconds, step, format, t, kinds, runs])
}

/** As the panel's number leads on: nowhere where there are no such calls, or no search tells them from others. */
function tracesBehindRow(row: { calls: number; errors: number }, traced: LinkParameters | null, which: Which): Evidence | null {
  return traced === null ? null : tracesBehind(row, traced, which)
}

const LIVED = ['runs', 'erredRuns', 'failedRuns', 'slowRuns'] as const

/** What the runs of a scenario did there; no columns without one. */
function useLivedColumns<Row extends { id: string }>(placeOf: ((id: string) => LivedPlace | null) | null): readonly TableColumn<Row>[] {
  const t = useTranslations('map.scenario.column')
  const format = useFormat()
  return useMemo(
    () =>
      placeOf === null
        ? []
        : LIVED.map((key): TableColumn<Row> => {
            const value = ({ id }: Row): number | null => placeOf(id)?.[key] ?? null
            const textOf = (count: number | null): string => (count === null ? '–' : format.integer(count))
            return { id: key, header: t(key), value, cell: (row) => textOf(value(row)), numeric: true }
          }),
    [placeOf, format, t],
  )
}
