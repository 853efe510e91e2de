import type { IntakeAnswer } from '@skein/schemas/api/intake'
import { withoutUnfinished } from '../ui/unfinished.ts'

export interface IntakeLines {
  /** Unix ms. */
  times: number[]
  accepted: (number | null)[]
  refused: (number | null)[]
  dropped: (number | null)[]
}

/** What came in by step, as known at `nowMs`; a step that is not over is a gap. */
export function intakeLines(series: IntakeAnswer['series'], nowMs: number): IntakeLines {
  const times = series.map((point) => Date.parse(point.time))
  const line = (key: 'accepted' | 'refused' | 'dropped') =>
    withoutUnfinished(
      times,
      series.map((point) => point[key]),
      nowMs,
    )
  return { times, accepted: line('accepted'), refused: line('refused'), dropped: line('dropped') }
}
