import { createTraceInLine } from '@skein/schemas/trace-in-line/trace-in-line'
import { type LogBatch, LogFate } from './log-batch.ts'
import { setIdsAt } from './log-changes.ts'

/** Gives kept rows that belong to no trace the one that their bodies say. A function of the bodies alone. */
export interface FoundTraces {
  find(batch: LogBatch): void
}

export function createFoundTraces(isOn: boolean): FoundTraces {
  const traceInLine = createTraceInLine()
  const range = { start: 0, end: 0 }
  const ids = { traceAt: -1, spanAt: -1 }
  return {
    find(batch) {
      if (!isOn) return
      const { traceId, fate, bodyStart, bodyEnd, length } = batch
      for (let row = 0; row < length; row++) {
        if (traceId[row]! >= 0 || fate[row] !== LogFate.kept) continue
        range.start = bodyStart[row]!
        range.end = bodyEnd[row]!
        if (traceInLine(batch.bytes, range, ids)) setIdsAt(batch, row, ids)
      }
    },
  }
}
