import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { freePorts } from '@skein/demo/free-ports'
import { type SkeinProcess, type SkeinUp, startSkein, startUp } from './harness/skein-process.ts'

const folders: string[] = []
const running: SkeinUp[] = []
afterEach(async () => {
  for (const skein of running.splice(0)) await skein.destroy()
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

async function environment(more: Record<string, string> = {}): Promise<Record<string, string>> {
  const [grpc, http, api] = await freePorts(3)
  const folder = mkdtempSync(join(tmpdir(), 'skein-start-'))
  folders.push(folder)
  return {
    SKEIN_DATA_DIR: folder,
    SKEIN_OTLP_GRPC_PORT: String(grpc),
    SKEIN_OTLP_HTTP_PORT: String(http),
    SKEIN_HTTP_PORT: String(api),
    SKEIN_LOG__RESERVE_BYTES: '1000000',
    ...more,
  }
}

/** The lines that begin with `skein: `, which are what an operator reads; so many, and the last may come in a moment after the process has ended. */
async function sentences(skein: SkeinProcess, count = 1): Promise<string[]> {
  const read = (): string[] =>
    skein
      .output()
      .split('\n')
      .filter((line) => line.startsWith('skein: '))
  await expect.poll(read, { timeout: 5000 }).toHaveLength(count)
  return read()
}

describe('a start that cannot work says why in one sentence and ends', () => {
  it('a port in use', async () => {
    const blocker = createServer().listen(0, '127.0.0.1')
    await once(blocker, 'listening')
    const { port } = blocker.address() as { port: number }
    const skein = startSkein(['up'], await environment({ SKEIN_OTLP_HTTP_PORT: String(port) }))
    expect(await skein.exited).toBe(78)
    expect((await sentences(skein))[0]).toContain(`Port ${port} is in use`)
    blocker.close()
  })

  it('a second Skein on the same data directory, which leaves the first alone', async () => {
    const startedAt = performance.now()
    const first = await startUp()
    running.push(first)
    const askedAt = performance.now()
    const second = startSkein(['up'], { ...(await environment()), SKEIN_DATA_DIR: first.dataDir })
    expect(await second.exited).toBe(78)
    // A predecessor on its way out would be waited for, 10 s at most; this one stays. Such a wait would come on top of what a start takes here.
    expect(performance.now() - askedAt).toBeLessThan(9000 + (askedAt - startedAt))
    expect((await sentences(second))[0]).toMatch(/process/)
    expect((await fetch(`${first.otlpHttp}/readyz`)).status).toBe(200)
    const migration = startSkein(['migrate'], { SKEIN_DATA_DIR: first.dataDir })
    expect(await migration.exited).toBe(78)
    expect((await sentences(migration))[0]).toContain('Another Skein runs on this data directory')
  })

  it('a data directory of a newer version', async () => {
    const first = await startUp()
    await first.stop()
    running.push(first)
    writeFileSync(join(first.dataDir, 'log', 'format.json'), '{"format":999}\n')
    const second = startSkein(['up'], { ...first.env })
    expect(await second.exited).toBe(78)
    expect((await sentences(second))[0]).toMatch(/newer/)
  })

  it('settings that are wrong, all of them at once', async () => {
    const skein = startSkein(['up'], await environment({ SKEIN_HTTP_PORT: 'x', SKEIN_NONSENSE: '1' }))
    expect(await skein.exited).toBe(78)
    await sentences(skein, 2)
  })

  it('an address that strangers can reach, until it is said that this is meant', async () => {
    const skein = startSkein(['up'], await environment({ SKEIN_HOST: '0.0.0.0' }))
    expect(await skein.exited).toBe(78)
    expect((await sentences(skein)).join()).toContain('SKEIN_INSECURE_HTTP')
  })

  it('a cluster role that would need the embedded store of another process', async () => {
    const skein = startSkein(['query'], await environment())
    expect(await skein.exited).toBe(78)
    expect((await sentences(skein))[0]).toContain('SKEIN_CLICKHOUSE_URL')
  })

  it('a word or an option that does not exist', async () => {
    for (const words of [['upp'], ['up', '--prot']]) {
      const skein = startSkein(words, {})
      expect(await skein.exited).toBe(64)
      expect((await sentences(skein))[0]).toContain('--help')
    }
  })
})
