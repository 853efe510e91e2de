import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createEmbeddedLog } from '@skein/eventlog/embedded/log'
import { Topic } from '@skein/schemas/topics'
import { expect, it } from 'vitest'
import { apiOf } from './harness/api.ts'
import { deadLetters, garbage, judgeDeadLetters } from './harness/dead-letters.ts'
import { sendJson } from './harness/http.ts'
import { eventually, startUp, until } from './harness/skein-process.ts'
import { aSpan, exportOf } from './harness/spans.ts'

const PARTITIONS = 16

async function write(dataDir: string, records: ReadonlyMap<number, Buffer>): Promise<void> {
  const log = await createEmbeddedLog({
    directory: join(dataDir, 'log'),
    role: 'writer',
    partitions: () => PARTITIONS,
    quotaBytes: 1e9,
    reserveBytes: 0,
    clock: Date.now,
    report: () => undefined,
  })
  for (const [partition, value] of records) await log.append(Topic.traces, [{ partition, value }])
  await log.close(1000)
}

it('garbage in the log is kept with where it lay and why, told once, through kills; and ingest goes on', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'skein-dead-'))
  const written = garbage()
  await write(dataDir, written)
  const skein = await startUp({ SKEIN_DATA_DIR: dataDir })
  try {
    for (let kill = 0; kill < 2; kill++) {
      const pid = skein.childPid('engine')
      process.kill(pid, 'SIGKILL')
      await eventually(async () => expect(skein.childPid('engine')).not.toBe(pid), 20_000)
      await until(`${skein.api}/readyz`)
    }
    await eventually(async () => judgeDeadLetters(await deadLetters(skein.env), written), 60_000)
    expect((await sendJson(skein.otlpHttp, exportOf('after', [aSpan()]))).status).toBe(200)
    await eventually(async () => {
      const { visible, outcomes } = await apiOf(skein.api).intake()
      expect(visible).toBe(1)
      expect(outcomes.map(({ kind, reason, requests }) => [kind, reason, requests])).toEqual([['dead', 'dead_letter', 2]])
    }, 20_000)
  } finally {
    await skein.destroy()
  }
  rmSync(dataDir, { recursive: true, force: true })
})
