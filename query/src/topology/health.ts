import type { Health } from '@skein/schemas/api/window'

const MIN_CALLS = 20
const BAD_RATIO = 0.05
const DEGRADED_RATIO = 0.01

/** Errors alone decide while there is no week before to compare latency with. */
export function healthOf(numbers: { calls: number; errors: number }): Health {
  if (numbers.calls < MIN_CALLS) return 'unknown'
  const ratio = numbers.errors / numbers.calls
  if (ratio >= BAD_RATIO) return 'bad'
  return ratio >= DEGRADED_RATIO ? 'degraded' : 'ok'
}
