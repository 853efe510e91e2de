import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { crc32 } from 'node:zlib'
import { createEmbeddedLog } from '@skein/eventlog/embedded/log'
import { Content, encodeEnvelope, Signal, Source } from '@skein/schemas/envelope'
import { Topic } from '@skein/schemas/topics'
import { expect, it } from 'vitest'
import { apiOf } from './harness/api.ts'
import { sendJson } from './harness/http.ts'
import { eventually, type SkeinUp, startUp, until } from './harness/skein-process.ts'
import { aSpan, exportOf } from './harness/spans.ts'

const ENTRY = join(import.meta.dirname, '..', '..', 'cli', 'src', 'main.ts')
const PARTITIONS = 16

interface Told {
  topic: string
  partition: number
  offset: number
  reason: string
  record: string
}

/** Garbage of each kind in the log, as a bad disk or a faulty version would leave it; returns it by partition. */
async function writeGarbage(dataDir: string): Promise<Map<number, Buffer>> {
  const header = { source: Source.grpc, receivedAtMs: Date.now(), part: 0, parts: 1, records: 1, limitsVersion: 1, tenant: 'default', keyId: '' }
  const envelope = (seed: number, signal: Signal, payload: string): Buffer =>
    Buffer.from(encodeEnvelope({ ...header, signal, content: Content.otlp, requestId: Buffer.alloc(16, seed) }, [Buffer.from(payload)], crc32))
  const garbage = new Map<number, Buffer>([
    [0, Buffer.from('this was never an envelope')],
    [1, envelope(1, Signal.traces, 'not protobuf')],
    [2, envelope(2, Signal.device, 'not for this topic')],
  ])
  const log = await createEmbeddedLog({
    directory: join(dataDir, 'log'),
    role: 'writer',
    partitions: () => PARTITIONS,
    quotaBytes: 1e9,
    reserveBytes: 0,
    clock: Date.now,
    report: () => undefined,
  })
  for (const [partition, value] of garbage) await log.append(Topic.traces, [{ partition, value }])
  await log.close(1000)
  return garbage
}

async function listed(skein: SkeinUp): Promise<Told[]> {
  const env = { ...process.env, ...skein.env, SKEIN_ALLOW_UNSAFE_DATA_DIR: 'true' }
  const { stdout } = await promisify(execFile)(process.execPath, [ENTRY, 'dead', 'list', '--json'], { env })
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Told)
}

it('garbage in the log is kept with where it lay and why, told once, through kills; and ingest goes on', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'skein-dead-'))
  const garbage = await writeGarbage(dataDir)
  const skein = await startUp({ SKEIN_DATA_DIR: dataDir })
  try {
    for (let kill = 0; kill < 2; kill++) {
      const pid = skein.childPid('engine')
      process.kill(pid, 'SIGKILL')
      await eventually(async () => expect(skein.childPid('engine')).not.toBe(pid), 20_000)
      await until(`${skein.api}/readyz`)
    }
    const told = await eventually(async () => {
      const letters = await listed(skein)
      expect(letters.map(({ partition, reason }) => [partition, reason])).toHaveLength(3)
      return letters
    }, 60_000)
    expect(told.map(({ topic, partition, offset, reason }) => [topic, partition, offset, reason].join()).toSorted()).toEqual([
      `${Topic.traces},0,0,envelope`,
      `${Topic.traces},1,0,payload`,
      `${Topic.traces},2,0,signal`,
    ])
    for (const { partition, record } of told) expect(Buffer.from(record, 'base64')).toEqual(garbage.get(partition))
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
