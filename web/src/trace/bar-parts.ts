import type { SpanRow } from './span-row.ts'
import { type Bar, barOf, type TimeWindow } from './time-scale.ts'

/** How a stretch of a row is drawn: `work` in the colour of its service; the rest is time that is no work. */
export type PartLook = 'work' | 'late' | 'missing' | 'network' | 'client' | 'queue'

export interface BarPart extends Bar {
  look: PartLook
}

/** The stretches of a row inside the window, left to right. */
export function partsOf(row: SpanRow, window: TimeWindow): BarPart[] {
  const endNs = row.startNs + row.durationNs
  if (row.span === null) return placed([['missing', row.startNs, endNs]], window)
  const look = row.late ? 'late' : 'work'
  const { wait } = row
  if (wait === null) return placed([[look, row.startNs, endNs]], window)
  if (wait.kind === 'client') return placed([['client', row.startNs, endNs]], window)
  if (wait.kind === 'queue') {
    return placed(
      [
        ['queue', row.startNs - wait.beforeNs, row.startNs],
        ['work', row.startNs, endNs],
      ],
      window,
    )
  }
  const from = row.startNs + wait.beforeNs
  const to = endNs - wait.afterNs
  return placed(
    [
      ['network', row.startNs, from],
      [look, from, to],
      ['network', to, endNs],
    ],
    window,
  )
}

/** All of a row that is drawn, beside which its label stands. */
export function wholeBar(row: SpanRow, window: TimeWindow): Bar | null {
  const beforeNs = row.wait?.kind === 'queue' ? row.wait.beforeNs : 0
  return barOf(row.startNs - beforeNs, row.durationNs + beforeNs, window)
}

function placed(stretches: readonly (readonly [look: PartLook, fromNs: number, toNs: number])[], window: TimeWindow): BarPart[] {
  return stretches.flatMap(([look, fromNs, toNs]) => {
    const bar = toNs > fromNs || stretches.length === 1 || look === 'work' ? barOf(fromNs, toNs - fromNs, window) : null
    return bar === null ? [] : [{ look, ...bar }]
  })
}
