import type { TenantWindow } from '../contract-terms.ts'
import { every, int64, sql, uint32 } from './fragment.ts'
import type { Fragment } from './terms.ts'

const MINUTE_SECONDS = 60

/** `start ≤ minute < end`, the start floored and the end ceiled to whole minutes. */
export function minutesOf(window: TenantWindow): Fragment {
  const start = Math.floor(window.startMs / 60_000) * MINUTE_SECONDS
  const end = Math.ceil(window.endMs / 60_000) * MINUTE_SECONDS
  return every([sql`minute >= toDateTime(${uint32(Math.max(0, start))})`, sql`minute < toDateTime(${uint32(Math.max(0, end))})`])
}

/** A DateTime64(3) column at or after a time. */
export function sinceMs(column: Fragment, ms: number): Fragment {
  return sql`${column} >= fromUnixTimestamp64Milli(${int64(Math.max(0, Math.floor(ms)))})`
}

export function beforeMs(column: Fragment, ms: number): Fragment {
  return sql`${column} < fromUnixTimestamp64Milli(${int64(Math.max(0, Math.ceil(ms)))})`
}
