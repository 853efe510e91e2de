import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'

let directory = ''
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'skein-role-'))
})
afterEach(() => rmSync(directory, { recursive: true }))

test.each([
  ['crash', 'crashed', 'no JSON'],
  ['fail', 'role_failed', 'cannot go on'],
  ['stop', 'stop_failed', 'cannot stop'],
  ['start', 'start_failed', 'cannot start'],
])('a role that ends by %s ends at once and says why, though a thread of the pool never comes back', (how, event, why) => {
  const pipe = join(directory, 'pipe')
  execFileSync('mkfifo', [pipe])
  const role = join(import.meta.dirname, 'role-for-tests.ts')
  const { signal, stderr } = spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', role, pipe, how], {
    encoding: 'utf8',
    timeout: 30_000,
    killSignal: 'SIGABRT',
  })
  expect(signal, stderr).toBe('SIGKILL')
  const last = stderr.trim().split('\n').at(-1) ?? ''
  expect(JSON.parse(last)).toMatchObject({ event, err: expect.stringContaining(why) })
})
