/** What a signal to end means: begin to stop, nothing new, or end at once. */
export type StopWish = 'stop' | 'same' | 'force'

/** What whoever signals a group of processes, and those who pass the signal on, take together; nobody asks twice as fast. */
const ONE_WISH_MS = 1000

/**
 * One wish may come as several signals: a terminal, `timeout` and service managers signal every process of a group, and each of them passes the
 * signal on. What comes within a second of the first is the same wish; what comes later asks to end at once. `nowMs` counts from any moment.
 */
export function createStopWishes(nowMs: () => number): { next(): StopWish } {
  let firstMs: number | null = null
  return {
    next() {
      const atMs = nowMs()
      if (firstMs === null) {
        firstMs = atMs
        return 'stop'
      }
      return atMs - firstMs < ONE_WISH_MS ? 'same' : 'force'
    },
  }
}
