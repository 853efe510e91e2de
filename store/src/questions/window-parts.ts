import type { TenantWindow } from '../contract.ts'
import { every, type Fragment, some, sql, uint32 } from '../sql/fragment.ts'

/**
 * Ranges of a window that are read at one step: whole hours from the projection, the rest by the minute. A step between the two costs
 * more than it saves: taking a stored sum of histograms in costs as much as adding up a few minutes.
 */
export interface WindowPart {
  stepSeconds: 60 | 3600
  ranges: readonly (readonly [fromSeconds: number, toSeconds: number])[]
}

/** A window in parts that cover each of its minutes once, the start floored and the end ceiled to whole minutes. */
export function windowParts(window: TenantWindow): WindowPart[] {
  const from = Math.max(0, Math.floor(window.startMs / 60_000) * 60)
  const to = Math.max(0, Math.ceil(window.endMs / 60_000) * 60)
  const firstHour = Math.ceil(from / 3600) * 3600
  const lastHour = Math.floor(to / 3600) * 3600
  const hours = firstHour < lastHour
  const parts: WindowPart[] = [
    { stepSeconds: 3600, ranges: hours ? [[firstHour, lastHour]] : [] },
    {
      stepSeconds: 60,
      ranges: (hours
        ? ([
            [from, firstHour],
            [lastHour, to],
          ] as const)
        : ([[from, to]] as const)
      ).filter(([start, end]) => start < end),
    },
  ]
  return parts.filter((part) => part.ranges.length > 0)
}

/** The expression over hours is that of the projection, or this would not be read. */
export function insidePart({ stepSeconds, ranges }: WindowPart): Fragment {
  return some(
    ranges.map(([from, to]) =>
      stepSeconds === 60
        ? every([sql`minute >= toDateTime(${uint32(from)})`, sql`minute < toDateTime(${uint32(to)})`])
        : every([sql`intDiv(toUnixTimestamp(minute), 3600) >= ${uint32(from / 3600)}`, sql`intDiv(toUnixTimestamp(minute), 3600) < ${uint32(to / 3600)}`]),
    ),
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
