const MINUTE_MS = 60_000

/**
 * When the data in hand was answered, Unix ms. While an answer to an earlier question stands in for a new one, that moment is not kept:
 * then it is the minute that runs, which does not change with every drawing.
 */
export function answeredAtMs(answer: { dataUpdatedAt: number }, nowMs: number): number {
  return answer.dataUpdatedAt > 0 ? answer.dataUpdatedAt : Math.floor(nowMs / MINUTE_MS) * MINUTE_MS
}
