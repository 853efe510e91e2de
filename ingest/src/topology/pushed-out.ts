/**
 * Since when spans of one partition may have been pushed out because too many are held. It is told from how many rows came when, which the log
 * alone decides: not from what is held, which also depends on what came back from the store.
 */
export interface PushedOut {
  /** Spans that arrived before this log time, ms, may be held no more. */
  beforeMs: number
  /** Rows by second of log time, the oldest first, and their sum: of the pair window alone, and no more of them than half of the room. */
  seconds: { second: number; rows: number }[]
  rows: number
}

export function createPushedOut(): PushedOut {
  return { beforeMs: Number.NEGATIVE_INFINITY, seconds: [], rows: 0 }
}

/** How many spans of a partition are held, and for how long. */
export interface HoldLimits {
  maxSpansPerPartition: number
  pairWindowMs: number
}

/** Spans that come back from the store take room too: half of it is for those. */
export function countArrivals(pushed: PushedOut, came: { logTimeMs: number; rows: number }, limits: HoldLimits): void {
  const { seconds } = pushed
  const second = Math.floor(came.logTimeMs / 1000)
  const last = seconds.at(-1)
  if (last !== undefined && last.second >= second) last.rows += came.rows
  else seconds.push({ second, rows: came.rows })
  pushed.rows += came.rows
  for (let [first] = seconds; first !== undefined; [first] = seconds) {
    const endMs = (first.second + 1) * 1000
    const isFull = pushed.rows - first.rows >= limits.maxSpansPerPartition / 2
    // Spans older than the window were let go for that: how many they were says nothing any more.
    if (!isFull && endMs > came.logTimeMs - limits.pairWindowMs) break
    seconds.shift()
    pushed.rows -= first.rows
    if (isFull) pushed.beforeMs = endMs
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
