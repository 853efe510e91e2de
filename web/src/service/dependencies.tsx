'use client'
import type { TopologyAnswer } from '@skein/schemas/api/topology'
import { useTranslations } from 'next-intl'
import { useMemo } from 'react'
import { useTopology } from '../api/questions.ts'
import type { ServiceScope } from '../api/questions.ts'
import { useFormat } from '../format/use-format.ts'
import type { Format } from '../format/format.ts'
import { durationText, errorsColumn } from '../services/red-columns.tsx'
import { serviceLink } from '../services/service-link.ts'
import { perSecond } from '../services/rated-window.ts'
import { useRatedWindow } from '../services/use-rated-window.ts'
import { AnswerGate } from '../ui/answer-gate.tsx'
import { Card } from '../ui/card.tsx'
import { DataTable } from '../ui/data-table.tsx'
import { HealthMark } from '../ui/health-mark.tsx'
import type { TableColumn } from '../ui/table-column.ts'
import { ViewLink } from '../ui/view-link.tsx'
import { neighbours } from './neighbours.ts'
import type { Neighbour } from './neighbours.ts'

/** Who calls this service, and whom it calls. */
export function Dependencies({ scope, ids }: { scope: ServiceScope; ids: readonly string[] }) {
  const topology = useTopology({ service: scope.name, depth: 1 })
  return (
    <div className="grid min-w-0 gap-3">
      <Side side="upstream" topology={topology} ids={ids} />
      <Side side="downstream" topology={topology} ids={ids} />
    </div>
  )
}

interface SideProps {
  side: 'upstream' | 'downstream'
  topology: ReturnType<typeof useTopology>
  ids: readonly string[]
}

function Side({ side, topology, ids }: SideProps) {
  const t = useTranslations('service')
  return (
    <Card title={t(side)} busy={topology.isPlaceholderData}>
      <AnswerGate answer={topology}>{(answer) => <Neighbours side={side} answer={answer} ids={ids} />}</AnswerGate>
    </Card>
  )
}

function Neighbours({ side, answer, ids }: { side: SideProps['side']; answer: TopologyAnswer; ids: readonly string[] }) {
  const t = useTranslations()
  const format = useFormat()
  const { seconds } = useRatedWindow(answer.window)
  const columns = useMemo(() => neighbourColumns((key) => t(`column.${key}`), format, seconds), [t, format, seconds])
  const { callers, callees } = neighbours(answer, ids)
  const rows = side === 'upstream' ? callers : callees
  if (rows.length === 0) {
    return <p className="border-t border-line px-3 py-3 text-t2">{side === 'upstream' ? t('service.noUpstream') : t('service.noDownstream')}</p>
  }
  return (
    <DataTable
      className="max-h-[220px]"
      label={t(`service.${side}`)}
      rows={rows}
      columns={columns}
      rowId={(row) => row.edge.id}
      initialSort={{ id: 'rate', desc: true }}
    />
  )
}

function neighbourColumns(
  header: (key: 'health' | 'dependency' | 'kind' | 'rate' | 'errors' | 'network') => string,
  format: Format,
  seconds: number,
): readonly TableColumn<Neighbour>[] {
  const errors = errorsColumn<Neighbour['edge']>(header('errors'), format)
  const evidence = ({ edge }: Neighbour) => ({ path: '/map', parameters: { edge: edge.id } })
  return [
    { id: 'health', header: header('health'), cell: ({ edge }) => <HealthMark health={edge.health} />, mark: true },
    {
      id: 'name',
      header: header('dependency'),
      value: ({ node }) => node.name,
      cell: ({ node }) => <NodeName node={node} />,
      className: 'max-w-[220px] truncate',
    },
    {
      id: 'kind',
      header: header('kind'),
      value: ({ edge }) => edge.kind,
      cell: ({ edge }) => (
        <ViewLink path="/map" parameters={{ edge: edge.id }} className="inline-flex min-h-6 min-w-6 items-center text-t3">
          {edge.kind}
        </ViewLink>
      ),
    },
    {
      id: 'rate',
      header: header('rate'),
      numeric: true,
      value: ({ edge }) => perSecond(edge.calls, seconds),
      evidence,
      cell: ({ edge }) => format.text(format.rate(edge.calls, seconds)),
    },
    { ...errors, value: ({ edge }) => errors.value?.(edge) ?? null, cell: ({ edge }) => errors.cell(edge), evidence },
    { id: 'p95', header: 'p95', numeric: true, value: ({ edge }) => p95Of(edge), cell: ({ edge }) => durationText(format, p95Of(edge)), evidence },
    {
      id: 'network',
      header: header('network'),
      numeric: true,
      secondary: true,
      value: ({ edge }) => edge.network?.p95Ms ?? null,
      evidence,
      cell: ({ edge }) => durationText(format, edge.network?.p95Ms ?? null),
    },
  ]
}

/** As the caller sees it; where no caller reported, as the callee does. */
function p95Of(edge: Neighbour['edge']): number | null {
  return edge.client?.p95Ms ?? edge.server?.p95Ms ?? null
}

function NodeName({ node }: { node: Neighbour['node'] }) {
  if (node.kind !== 'service') return <span className="font-medium">{node.name}</span>
  return (
    <ViewLink {...serviceLink(node)} className="block truncate font-medium text-t1">
      {node.name}
    </ViewLink>
  )
}
