import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { createSupervisor } from './supervisor.ts'

const ENTRY = join(import.meta.dirname, 'role-for-tests.ts')
const stops: (() => void)[] = []
afterEach(() => {
  vi.unstubAllEnvs()
  for (const stop of stops.splice(0)) stop()
})

function supervise(how: string, lookMs: number) {
  const events = { ready: vi.fn(), restarting: vi.fn() }
  const supervisor = createSupervisor(ENTRY, [{ name: 'engine', args: ['/dev/null', how], oomScore: 0 }], events, lookMs)
  stops.push(() => supervisor.kill())
  supervisor.start()
  return events
}

test('a role whose event loop stands still is killed and started again', { timeout: 30_000 }, async () => {
  const { ready, restarting } = supervise('hang', 50)
  await vi.waitFor(() => expect(ready).toHaveBeenCalledTimes(2), 25_000)
  expect(restarting).toHaveBeenCalledWith('engine', 'nothing was heard of it for 0 s', expect.any(Number))
})

test('one that turns is left alone', { timeout: 30_000 }, async () => {
  const { ready, restarting } = supervise('chatter', 500)
  await vi.waitFor(() => expect(ready).toHaveBeenCalledTimes(1), 25_000)
  await new Promise((resolve) => setTimeout(resolve, 4500))
  expect(restarting).not.toHaveBeenCalled()
})

test.each([
  [undefined, 'dirty_decay_ms:60000'],
  ['narenas:2', 'narenas:2'],
])('a role keeps freed memory of the store for a minute, unless JE_MALLOC_CONF says otherwise: %s', { timeout: 30_000 }, async (own, storeMemory) => {
  vi.stubEnv('JE_MALLOC_CONF', own)
  const { ready } = supervise('chatter', 500)
  await vi.waitFor(() => expect(ready).toHaveBeenCalledWith('engine', { storeMemory }), 25_000)
})
