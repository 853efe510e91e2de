import type { Segment } from './segments.ts'

/** Says what the rows of a minute are: it changes with every new row, and with nothing else. */
export interface MinuteMark {
  readonly minute: number
  readonly mark: string
  readonly rows: number
}

/** What the rows of stretches of a window are: the same while no row came. */
export interface Signatures {
  /** '' of a segment without rows. */
  of(segment: Segment): string
  rowsOf(segment: Segment): number
  /** Whether the newest rows of the window are in it. */
  isNewest(segment: Segment): boolean
}

export function createSignatures(marks: readonly MinuteMark[]): Signatures {
  const sorted = marks.toSorted((a, b) => a.minute - b.minute)
  const newest = sorted.at(-1)?.minute ?? 0
  const inside = ({ from, to }: Segment) => sorted.filter(({ minute }) => minute >= from && minute < to)
  return {
    of: (segment) =>
      inside(segment)
        .map(({ minute, mark }) => `${minute}:${mark}`)
        .join(' '),
    rowsOf: (segment) => inside(segment).reduce((sum, { rows }) => sum + rows, 0),
    isNewest: ({ from, to }) => newest >= from && newest < to,
  }
}
