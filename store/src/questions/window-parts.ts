import type { TenantWindow } from '../contract.ts'
import { every, type Fragment, some, sql, uint32 } from '../sql/fragment.ts'

/** Ranges of a window that are read at one step: whole hours and whole five minutes from their projections, the rest by the minute. */
export interface WindowPart {
  stepSeconds: 60 | 300 | 3600
  ranges: readonly (readonly [fromSeconds: number, toSeconds: number])[]
}

/** A window in parts that cover each of its minutes once, the start floored and the end ceiled to whole minutes. */
export function windowParts(window: TenantWindow): WindowPart[] {
  const whole = [Math.max(0, Math.floor(window.startMs / 60_000) * 60), Math.max(0, Math.ceil(window.endMs / 60_000) * 60)] as const
  const [hours, aroundHours] = cutOut([whole], 3600)
  const [fives, minutes] = cutOut(aroundHours, 300)
  const parts: WindowPart[] = [
    { stepSeconds: 3600, ranges: hours },
    { stepSeconds: 300, ranges: fives },
    { stepSeconds: 60, ranges: minutes },
  ]
  return parts.filter((part) => part.ranges.length > 0)
}

type Ranges = WindowPart['ranges']

/** The whole steps inside ranges, and what is left around them. */
function cutOut(ranges: Ranges, step: number): [inside: Ranges, around: Ranges] {
  const inside: [number, number][] = []
  const around: [number, number][] = []
  for (const [from, to] of ranges) {
    const first = Math.ceil(from / step) * step
    const last = Math.floor(to / step) * step
    if (first < last) inside.push([first, last])
    const edges: [number, number][] =
      first < last
        ? [
            [from, first],
            [last, to],
          ]
        : [[from, to]]
    around.push(...edges.filter(([start, end]) => start < end))
  }
  return [inside, around]
}

/** The expressions are those of the projections, or these would not be read. */
export function insidePart({ stepSeconds, ranges }: WindowPart): Fragment {
  return some(
    ranges.map(([from, to]) => {
      const [first, end] = [uint32(from / (stepSeconds === 60 ? 1 : stepSeconds)), uint32(to / (stepSeconds === 60 ? 1 : stepSeconds))]
      switch (stepSeconds) {
        case 60:
          return every([sql`minute >= toDateTime(${first})`, sql`minute < toDateTime(${end})`])
        case 300:
          return every([sql`intDiv(toUnixTimestamp(minute), 300) >= ${first}`, sql`intDiv(toUnixTimestamp(minute), 300) < ${end}`])
        case 3600:
          return every([sql`intDiv(toUnixTimestamp(minute), 3600) >= ${first}`, sql`intDiv(toUnixTimestamp(minute), 3600) < ${end}`])
      }
    }),
  )
}

/** Rows of one key added up, in the order in which their keys came first. */
export function addUp<Row>(rows: readonly Row[], keyOf: (row: Row) => string, add: (a: Row, b: Row) => Row): Row[] {
  const sums = new Map<string, Row>()
  for (const row of rows) {
    const key = keyOf(row)
    const sum = sums.get(key)
    sums.set(key, sum === undefined ? row : add(sum, row))
  }
  return [...sums.values()]
}
