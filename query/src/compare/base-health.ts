import type { CompareNote } from '@skein/schemas/api/compare-note'
import type { HealthThresholds } from '@skein/schemas/config'
import type { EdgeRow } from '@skein/store/contract'
import { numbersOf } from '../topology/context.ts'
import { healthOf } from '../topology/health.ts'
import { mergeEdges } from '../topology/merged-edge.ts'
import { createPeerNames } from '../topology/resolve.ts'
import { edgeInScope, type Scope } from '../topology/scope.ts'
import type { DiffSide } from './topology-diff.ts'

const MAX_NAMED = 3

/**
 * What was wrong before hides itself: a fault that is on in both windows is no difference. So edges of the base that failed, or took far longer than
 * in a window before it, are told, the worst by name.
 */
export function baseHealthNotes(
  base: Pick<DiffSide, 'edges' | 'services' | 'addresses'>,
  earlier: readonly EdgeRow[],
  { scope, thresholds }: { scope: Scope; thresholds: HealthThresholds },
): CompareNote[] {
  const rename = createPeerNames(base.services, base.addresses)
  const before = new Map(mergeEdges(earlier, rename).map((edge) => [edge.edgeId, numbersOf(edge)]))
  const unwell = mergeEdges(base.edges, rename).filter((edge) => {
    if (!edgeInScope(edge, scope)) return false
    const { health } = healthOf({ ...numbersOf(edge), errors: edge.errors, weekAgo: before.get(edge.edgeId) }, thresholds)
    return health === 'bad' || health === 'degraded'
  })
  if (unwell.length === 0) return []
  const worst = unwell.toSorted((a, b) => b.errors - a.errors || b.calls - a.calls).slice(0, MAX_NAMED)
  const subjects = worst.map(({ source, target }) => `${source.name} → ${target.name}`).join(', ')
  const count = unwell.length
  const message = `Calls that were unwell already in the window to compare with, so that what is wrong with them may not show as a change: ${count} (${subjects})`
  return [{ code: 'unwell_base', message, count, values: { subjects } }]
}
