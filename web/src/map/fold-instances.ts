import type { EdgeAnswer, EdgeInstance } from '@skein/schemas/api/topology'

export interface FoldedInstances {
  shown: readonly EdgeInstance[]
  /** What is not shown, as one; null when all are. */
  rest: { instances: number; calls: number; share: number } | null
  /** How many there are. */
  instances: number
}

/** The first instances of a side, and as one those behind them, told (`instances`, busiest first) or not (`others`). */
export function foldInstances(instances: readonly EdgeInstance[], others: EdgeAnswer['otherInstances']['source'], most: number): FoldedInstances {
  const shown = instances.slice(0, most)
  const sum = (of: readonly EdgeInstance[], key: 'calls' | 'share'): number => of.reduce((total, row) => total + row[key], 0)
  const behind = instances.slice(most)
  const count = behind.length + (others?.instances ?? 0)
  const rest =
    count === 0
      ? null
      : {
          instances: count,
          calls: sum(behind, 'calls') + (others?.calls ?? 0),
          share: Math.max(0, 1 - sum(shown, 'share')),
        }
  return { shown, rest, instances: shown.length + count }
}

/** Those with most failed calls first, then the busiest: what a list that is cut must not leave out. */
export function worstFirst<Row extends { instance: string; calls: number; errors: number }>(rows: readonly Row[]): Row[] {
  return rows.toSorted((a, b) => b.errors - a.errors || b.calls - a.calls || (a.instance < b.instance ? -1 : 1))
}
