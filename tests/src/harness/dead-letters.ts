import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { crc32 } from 'node:zlib'
import { Content, encodeEnvelope, Signal, Source } from '@skein/schemas/envelope'
import { expect } from 'vitest'

const ENTRY = join(import.meta.dirname, '..', '..', '..', 'cli', 'src', 'main.ts')

export interface DeadLetterLine {
  topic: string
  partition: number
  offset: number
  reason: string
  record: string
}

/** Garbage of each kind for topic `skein.traces`, as a bad disk or a faulty version would leave it, by partition. */
export function garbage(): Map<number, Buffer> {
  const header = { source: Source.grpc, receivedAtMs: Date.now(), part: 0, parts: 1, records: 1, limitsVersion: 1, tenant: 'default', keyId: '' }
  const envelope = (seed: number, signal: Signal, payload: string): Buffer =>
    Buffer.from(encodeEnvelope({ ...header, signal, content: Content.otlp, requestId: Buffer.alloc(16, seed) }, [Buffer.from(payload)], crc32))
  return new Map<number, Buffer>([
    [0, Buffer.from('this was never an envelope')],
    [1, envelope(1, Signal.traces, 'not protobuf')],
    [2, envelope(2, Signal.device, 'not for this topic')],
  ])
}

/** What `skein dead list` tells of the Skein that the environment names. */
export async function deadLetters(env: Readonly<Record<string, string>>): Promise<DeadLetterLine[]> {
  const options = { env: { ...process.env, ...env, SKEIN_ALLOW_UNSAFE_DATA_DIR: 'true' } }
  const { stdout } = await promisify(execFile)(process.execPath, [ENTRY, 'dead', 'list', '--json'], options)
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as DeadLetterLine)
}

/** Each piece of garbage is told once, for the right reason, as it was. */
export function judgeDeadLetters(told: readonly DeadLetterLine[], written: ReadonlyMap<number, Buffer>): void {
  expect(told.map(({ topic, partition, reason }) => `${topic},${partition},${reason}`).toSorted()).toEqual([
    'skein.traces,0,envelope',
    'skein.traces,1,payload',
    'skein.traces,2,signal',
  ])
  for (const { partition, record } of told) expect(Buffer.from(record, 'base64')).toEqual(written.get(partition))
}
