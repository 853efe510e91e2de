import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { freePorts } from '@skein/demo/free-ports'
import { type SkeinUp, startUp, until } from './harness/skein-process.ts'

const BIN = join(import.meta.dirname, '..', '..', 'cli', 'bin')
const LAUNCHER = join(BIN, 'skein.mjs')

const running: SkeinUp[] = []
afterEach(async () => {
  for (const skein of running.splice(0)) await skein.destroy()
})

async function startedUp(): Promise<SkeinUp> {
  const skein = await startUp()
  running.push(skein)
  return skein
}

describe('signals', () => {
  it('one that reaches the launcher and what it started at once is one: a clean stop', async () => {
    // Else the launcher would install packages under the feet of the tests.
    const installed = `import(${JSON.stringify(join(BIN, 'install.mjs'))}).then(({ isInstalled }) => console.log(isInstalled()))`
    expect(execFileSync(process.execPath, ['-e', installed], { encoding: 'utf8' })).toBe('true\n')
    const folder = mkdtempSync(join(tmpdir(), 'skein-signals-'))
    const [grpc = 0, http = 0] = await freePorts(2)
    const env = { ...process.env, SKEIN_DATA_DIR: folder, SKEIN_OTLP_GRPC_PORT: String(grpc), SKEIN_OTLP_HTTP_PORT: String(http) }
    // A leader of its own group, as `timeout` and terminals make it.
    const launcher = spawn(process.execPath, [LAUNCHER, 'collector'], {
      env: { ...env, SKEIN_ALLOW_UNSAFE_DATA_DIR: 'true', SKEIN_LOG__RESERVE_BYTES: '1000000' },
      stdio: 'ignore',
      detached: true,
    })
    const exited = once(launcher, 'exit')
    try {
      await until(`http://127.0.0.1:${http}/readyz`)
      process.kill(-(launcher.pid ?? 0), 'SIGTERM')
      expect(await exited).toEqual([0, null])
    } finally {
      if (launcher.exitCode === null) process.kill(-(launcher.pid ?? 0), 'SIGKILL')
      rmSync(folder, { recursive: true, force: true })
    }
  })

  it('two in one moment are one: a clean stop of all processes', async () => {
    const skein = await startedUp()
    process.kill(skein.pid, 'SIGTERM')
    process.kill(skein.childPid('engine'), 'SIGTERM')
    await sleep(20)
    process.kill(skein.pid, 'SIGINT')
    expect(await skein.exited).toBe(0)
    expect(skein.output().match(/^Stopping/gm)).toHaveLength(1)
  })

  it('a second one later ends at once what does not stop', async () => {
    const skein = await startedUp()
    process.kill(skein.childPid('collector'), 'SIGSTOP')
    process.kill(skein.pid, 'SIGINT')
    await sleep(1300)
    process.kill(skein.pid, 'SIGINT')
    expect(await skein.exited).toBe(1)
    expect(skein.output()).toContain('Ending at once')
  })
})
