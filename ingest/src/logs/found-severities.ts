import { createSeverityInLine } from '@skein/schemas/severity-in-line/severity-in-line'
import { type LogBatch, LogFate } from './log-batch.ts'

/** Gives kept rows that have no severity the one that their bodies say in words. A function of the bodies alone. */
export interface FoundSeverities {
  find(batch: LogBatch): void
}

export function createFoundSeverities(isOn: boolean): FoundSeverities {
  const severityInLine = createSeverityInLine()
  return {
    find({ severity, fate, bytes, bodyStart, bodyEnd, length }) {
      if (!isOn) return
      for (let row = 0; row < length; row++) {
        if (severity[row] === 0 && fate[row] === LogFate.kept) severity[row] = severityInLine(bytes, bodyStart[row]!, bodyEnd[row]!)
      }
    },
  }
}
