import type { EdgeFinding, Finding } from './findings.ts'

/** What one card tells: a finding, with others of the same cause. */
export interface Incident {
  worst: Finding
  /** Edges to one target that are wrong in the same way, worst first; empty where it is one alone. */
  callers: readonly EdgeFinding[]
}

/** How something is wrong, in one word. */
export type Wrong = 'waiting' | 'failing' | 'losing' | 'slow' | 'unhealthy'

export function wrongOf(finding: Finding): Wrong {
  const measure = finding.kind === 'edge' ? finding.worse?.measure : undefined
  const told = finding.kind === 'edge' ? finding.edge : finding.node
  if (measure === 'queueWait') return 'waiting'
  if (finding.failing) return 'failing'
  if (told.healthReason === 'lost_time' || measure === 'network') return 'losing'
  return told.errors === 0 ? 'slow' : 'unhealthy'
}

/** A target that is wrong for several callers in the same way is one incident, at the place of the worst of them. */
export function incidentsOf(found: readonly Finding[]): Incident[] {
  const byCause = Map.groupBy(found, (finding) => causeOf(finding))
  return [...byCause.values()].flatMap(([worst, ...others]): Incident[] => {
    if (worst === undefined) return []
    const callers = [worst, ...others].filter((finding) => finding.kind === 'edge')
    return [{ worst, callers: callers.length > 1 ? callers : [] }]
  })
}

function causeOf(finding: Finding): string {
  return finding.kind === 'node' ? finding.id : [finding.target.id, wrongOf(finding), finding.better === null].join(' ')
}
