import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createRecorder, until } from '../conformance-recorder.ts'
import { createEmbeddedLog, type EmbeddedLog } from './log.ts'
import type { WriterArgument } from './writer-for-tests.ts'

const PARTITIONS = 4
const TOPIC = 'crash'
const MIB = 1024 * 1024

interface Acknowledged {
  number: number
  partition: number
  offset: number
}

interface Writer {
  child: ChildProcess
  acknowledged: Acknowledged[]
  refused: string[]
  reports: string[]
  closed: Promise<unknown>
}

describe('the embedded log and its writing process', () => {
  let directory = ''
  const children: ChildProcess[] = []
  const logs: EmbeddedLog[] = []

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'skein-crash-'))
  })
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL')
    for (const log of logs.splice(0)) await log.close(1000)
    rmSync(directory, { recursive: true, force: true })
  })

  /** `shell` goes before the command, such as a resource limit. */
  function startWriter(argument: Partial<WriterArgument>, shell = ''): Writer {
    const full: WriterArgument = {
      directory,
      topic: TOPIC,
      partitions: PARTITIONS,
      from: 0,
      valueBytes: 20_000,
      volumeBytes: 8 * MIB,
      concurrency: 8,
      count: 1e9,
      ...argument,
    }
    const script = new URL('./writer-for-tests.ts', import.meta.url).pathname
    const child = spawn('sh', ['-c', `${shell} exec "$0" "$@"`, process.execPath, script, JSON.stringify(full)], { stdio: ['ignore', 'pipe', 'ignore'] })
    children.push(child)
    const writer: Writer = { child, acknowledged: [], refused: [], reports: [], closed: once(child, 'close') }
    createInterface({ input: child.stdout }).on('line', (line) => {
      const [kind, number, partition, offset] = line.split(' ')
      if (kind === 'acknowledged') writer.acknowledged.push({ number: Number(number), partition: Number(partition), offset: Number(offset) })
      if (kind === 'refused') writer.refused.push(String(partition))
      if (kind === 'report') writer.reports.push(String(number))
    })
    return writer
  }

  async function openReader(): Promise<EmbeddedLog> {
    const log = await createEmbeddedLog({
      directory,
      role: 'reader',
      partitions: () => PARTITIONS,
      quotaBytes: MIB,
      reserveBytes: 0,
      volumeBytes: 8 * MIB,
      clock: Date.now,
      report: () => undefined,
    })
    logs.push(log)
    return log
  }

  test('a reader in another process follows the writer into new volumes within moments', async () => {
    const log = await openReader()
    const seen = createRecorder()
    await log.consume([TOPIC], 'follower', seen.handler)
    const writer = startWriter({ count: 1200, valueBytes: 30_000 })
    await writer.closed
    await until(() => seen.total() === 1200)
    expect(writer.reports.filter((event) => event === 'log_volume_opened').length).toBeGreaterThan(2)
    for (let partition = 0; partition < PARTITIONS; partition++) {
      expect(seen.offsets(partition)).toEqual(Array.from({ length: 300 }, (_, offset) => offset))
    }
    expect(log.counts()).toEqual({ damaged: 0, missing: 0 })
  })

  test('every acknowledged record outlives three kills with -9 in mid load, in order and at its offset', { timeout: 60_000 }, async () => {
    const acknowledged: Acknowledged[] = []
    for (let round = 0; round < 3; round++) {
      const writer = startWriter({ from: round * 1_000_000 })
      await until(() => writer.acknowledged.length > 150 + round * 100)
      writer.child.kill('SIGKILL')
      await writer.closed
      acknowledged.push(...writer.acknowledged)
    }
    const log = await openReader()
    const seen = createRecorder()
    await log.consume([TOPIC], 'auditor', seen.handler)
    const ends = await log.lag([TOPIC], 'auditor')
    await until(() => ends.every(({ partition, end }) => seen.offsets(partition).length >= end))
    for (const { number, partition, offset } of acknowledged) expect(seen.values(partition)[offset]).toBe(number)
    for (const { partition, end } of ends) expect(seen.offsets(partition)).toEqual(Array.from({ length: end }, (_, offset) => offset))
    expect(acknowledged.length).toBeGreaterThan(600)
    expect(log.counts()).toEqual({ damaged: 0, missing: 0 })
  })

  test('when the file system refuses to grow a file, appends are refused and a new volume takes over without a restart', { timeout: 60_000 }, async () => {
    const writer = startWriter({ count: 700, valueBytes: 20_000, volumeBytes: 64 * MIB, concurrency: 2 }, 'ulimit -S -f 8192;')
    await writer.closed
    expect(writer.refused.length).toBeGreaterThanOrEqual(3)
    expect(new Set(writer.refused)).toEqual(new Set(['LogUnavailableError']))
    expect(writer.acknowledged.length + writer.refused.length).toBe(700)
    const log = await openReader()
    const seen = createRecorder()
    await log.consume([TOPIC], 'auditor', seen.handler)
    await until(() => seen.total() >= writer.acknowledged.length)
    const stored = new Set(Array.from({ length: PARTITIONS }, (_, partition) => seen.values(partition)).flat())
    expect(writer.acknowledged.filter(({ number }) => !stored.has(number))).toEqual([])
    expect(seen.total()).toBe(writer.acknowledged.length)
    expect(log.counts()).toEqual({ damaged: 0, missing: 0 })
  })
})
