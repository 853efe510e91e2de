import type { FRAME_STATES } from '@skein/schemas/api/replay'

/** Slower than this many times what everybody's calls took is slow … */
const SLOW_TIMES = 3
/** … when it is also this much slower: a cache that takes 0.9 ms instead of 0.3 is nobody's trouble. */
const SLOW_MS = 10

export type FrameState = (typeof FRAME_STATES)[number]

export function frameState(call: { error: boolean; latencyMs: number; p50Ms: number | null }): FrameState {
  if (call.error) return 'error'
  return call.p50Ms !== null && call.latencyMs > call.p50Ms * SLOW_TIMES && call.latencyMs >= call.p50Ms + SLOW_MS ? 'slow' : 'ok'
}
