import type { TraceAnswer } from '@skein/schemas/api/traces'
import { type ServiceTime, serviceTimes } from './service-times.ts'
import { type Doubt, doubtsOf } from './doubts.ts'
import { entryOf } from './entry.ts'
import { buildTracePath, type TracePath } from './trace-path.ts'
import type { SpanRow } from './span-row.ts'
import { buildSpanTree, type SpanTree } from './span-tree.ts'

/** Everything the page shows of one trace. */
export interface TraceModel extends SpanTree {
  services: readonly ServiceTime[]
  colors: ReadonlyMap<string, string>
  spanCount: number
  errors: number
  /** The first root that was received. */
  entry: SpanRow | null
  resources: TraceAnswer['resources']
  path: TracePath
  doubts: readonly Doubt[]
}

export function buildTraceModel({ spans, resources, criticalPath }: Pick<TraceAnswer, 'spans' | 'resources' | 'criticalPath'>): TraceModel {
  const tree = buildSpanTree(spans)
  const services = serviceTimes(tree.rows)
  return {
    ...tree,
    services,
    colors: new Map(services.map(({ service, color }) => [service, color])),
    spanCount: tree.rows.filter((row) => row.span !== null).length,
    errors: services.reduce((sum, service) => sum + service.errors, 0),
    entry: entryOf(tree.rows),
    resources,
    path: buildTracePath(tree.rows, tree.originUnixNano, criticalPath),
    doubts: doubtsOf(tree.rows),
  }
}
