import type { ReplayFrame } from '@skein/schemas/api/replay'
import { expect, it } from 'vitest'
import { edgeMoments, eventFrames, frameDelayMs } from './run-scene.ts'

const frame = (event: number, edge: string, state: ReplayFrame['state'] = 'ok'): ReplayFrame => ({
  event,
  edge,
  state,
  offsetMs: 0,
  operation: '',
  latencyMs: 1,
  cohortP50Ms: 1,
  traceId: '',
  spanId: '',
})
const replay = {
  edges: ['a', 'b', 'c', 'd'].map((id) => ({ id, source: '', target: '', kind: 'http' as const })),
  frames: [frame(0, 'a'), frame(0, 'd'), frame(1, 'a'), frame(1, 'b', 'slow'), frame(1, 'a', 'error'), frame(1, 'c')],
}
const states = (at: number) => [...edgeMoments(replay, at)].map(([id, { state, numbers }]) => `${id} ${state} ${numbers.join()}`.trim())

it('edges of an event light up in order, the rest waits or is of another event', () => {
  expect(states(0)).toEqual(['a done 1', 'b elsewhere', 'c elsewhere', 'd waits'])
  expect(states(3)).toEqual(['a done 1', 'b slow 2', 'c waits', 'd elsewhere'])
  expect(states(4)).toEqual(['a error 1,3', 'b slow 2', 'c waits', 'd elsewhere'])
  expect(eventFrames(replay, 3)).toMatchObject({ event: 1, reached: [{ edge: 'a' }, { edge: 'b' }] })
})

it('a replay of nothing shows nothing', () => {
  expect(edgeMoments({ edges: [], frames: [] }, 0).size).toBe(0)
})

it('frames stay as long as an eye can follow, shorter at speed', () => {
  expect(frameDelayMs([0, 1], 0, 1)).toBeLessThan(frameDelayMs([0, 200], 0, 1))
  expect(frameDelayMs([0, 100_000], 0, 1)).toBe(1500)
  expect(frameDelayMs([0, 100_000], 0, 5)).toBe(300)
})
