import { open } from 'node:fs'
import { createLogger } from './logger.ts'
import { runRole } from './process-role.ts'

/**
 * A role with a thread of the pool that never comes back: a pipe that nobody writes is opened. Then it fails as the second word says: `hang` stands still,
 * `chatter` does not and says so often.
 */
const [pipe = '', how = ''] = process.argv.slice(2)
open(pipe, 'r', () => undefined)
await runRole(createLogger('test', 'info'), async () => {
  if (how === 'start') throw new Error('cannot start')
  if (how === 'crash') setTimeout(() => JSON.parse('no JSON'), 50)
  return {
    ready: { storeMemory: process.env['JE_MALLOC_CONF'] ?? 'as the allocator likes' },
    stop: () => Promise.reject(new Error('cannot stop')),
    failed: how === 'fail' ? Promise.reject(new Error('cannot go on')) : new Promise(() => undefined),
  }
})
if (how === 'stop') process.kill(process.pid, 'SIGTERM')
if (how === 'hang') setImmediate(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0))
if (how === 'chatter') setInterval(() => process.send?.({ alive: true }), 20)
