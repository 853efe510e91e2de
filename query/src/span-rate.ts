const MINUTE_MS = 60_000

/** Records that were accepted in a minute. */
export interface MinuteCount {
  minuteMs: number
  records: number
}

/**
 * Records a second over the last minute, of counts by minute: this one as far as it is over, and of the one before what is left. Where nothing came in the one before,
 * of what there is of this one, so that a stream that just began is not told as none.
 */
export function rateOfLastMinute(minutes: readonly MinuteCount[], nowMs: number): number {
  const thisMinuteMs = Math.floor(nowMs / MINUTE_MS) * MINUTE_MS
  const countOf = (minuteMs: number): number => minutes.reduce((sum, each) => sum + (each.minuteMs === minuteMs ? each.records : 0), 0)
  const over = (nowMs - thisMinuteMs) / MINUTE_MS
  const before = countOf(thisMinuteMs - MINUTE_MS)
  const seconds = before > 0 ? 60 : Math.max(1, over * 60)
  return (countOf(thisMinuteMs) + before * (1 - over)) / seconds
}
