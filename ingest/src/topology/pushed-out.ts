/**
 * Since when spans of one partition may have been pushed out because too many are held. It is told from how many rows came when, which the log
 * alone decides: not from what is held, which also depends on what came back from the store.
 */
export interface PushedOut {
  /** Spans that arrived before this log time, ms, may be held no more. */
  beforeMs: number
  /** Rows by second of log time, the oldest first, and their sum: no more of them than `limit` needs. */
  seconds: { second: number; rows: number }[]
  rows: number
}

export function createPushedOut(): PushedOut {
  return { beforeMs: Number.NEGATIVE_INFINITY, seconds: [], rows: 0 }
}

/** Spans that come back from the store take room too: half of it is for those. */
export function countArrivals(pushed: PushedOut, came: { logTimeMs: number; rows: number }, maxSpans: number): void {
  const { seconds } = pushed
  const second = Math.floor(came.logTimeMs / 1000)
  const last = seconds.at(-1)
  if (last !== undefined && last.second >= second) last.rows += came.rows
  else seconds.push({ second, rows: came.rows })
  pushed.rows += came.rows
  for (let [first] = seconds; first !== undefined && pushed.rows - first.rows >= maxSpans / 2; [first] = seconds) {
    seconds.shift()
    pushed.rows -= first.rows
    pushed.beforeMs = (first.second + 1) * 1000
  }
}

/** To count on what a batch will bring without counting it. */
export function copyOfPushedOut({ beforeMs, seconds, rows }: PushedOut): PushedOut {
  return { beforeMs, rows, seconds: seconds.map((each) => ({ ...each })) }
}

/** How far back spans are held for certain. */
export function heldMs(pushed: PushedOut, logTimeMs: number, pairWindowMs: number): number {
  return Math.max(0, Math.min(pairWindowMs, logTimeMs - pushed.beforeMs))
}
