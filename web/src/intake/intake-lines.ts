import type { IntakeAnswer } from '@skein/schemas/api/intake'
import { withoutUnfinished } from '../ui/unfinished.ts'

export interface IntakeLines {
  /** Unix ms. */
  times: number[]
  /** Of what was accepted: spans and log records. */
  spans: (number | null)[]
  logRecords: (number | null)[]
  refused: (number | null)[]
  dropped: (number | null)[]
}

/** What came in by step, as known at `nowMs`; a step that is not over is a gap. */
export function intakeLines(series: IntakeAnswer['series'], nowMs: number): IntakeLines {
  const times = series.map((point) => Date.parse(point.time))
  const line = (key: 'spans' | 'logRecords' | 'refused' | 'dropped') =>
    withoutUnfinished(
      times,
      series.map((point) => point[key]),
      nowMs,
    )
  return { times, spans: line('spans'), logRecords: line('logRecords'), refused: line('refused'), dropped: line('dropped') }
}
