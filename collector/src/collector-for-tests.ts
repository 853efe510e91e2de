import { randomBytes } from 'node:crypto'
import type { Authentication, Keys } from '@skein/metadata/keys'
import { type Config, configSchema } from '@skein/schemas/config'
import { Content } from '@skein/schemas/envelope'
import { Topic } from '@skein/schemas/topics'
import { createCollector } from './collector.ts'
import { createRecordingLog, type RecordingLog } from './recording-log.ts'

/** A running collector on loopback with a log in memory. */
export interface TestCollector {
  http: string
  grpc: string
  grpcPort: number
  httpPort: number
  log: RecordingLog
  lines: { level: string; event: string; [field: string]: unknown }[]
  /** Envelopes with records, of traces unless said, in the order of appending. */
  data(topic?: Topic): RecordingLog['appended']
  stop(deadlineMs?: number): Promise<{ remaining: number }>
}

export interface TestOptions {
  intake?: Partial<Config['limits']['intake']>
  redact?: Partial<Config['redact']>
  /** Key text → answer; everything else is unknown. */
  keys?: Record<string, Authentication>
  partitions?: number
  ports?: { otlpHttp: number; otlpGrpc: number }
  clock?: () => number
  random?: () => number
}

export async function startCollector(options: TestOptions = {}): Promise<TestCollector> {
  const log = createRecordingLog({ partitions: options.partitions ?? 4 })
  const lines: TestCollector['lines'] = []
  const write = (level: string) => (fields: object, msg: string) => void lines.push({ level, msg, ...fields } as never)
  const collector = createCollector({
    config: configSchema.parse({
      ports: options.ports ?? { otlpHttp: 0, otlpGrpc: 0 },
      limits: { intake: options.intake ?? {} },
      redact: options.redact ?? {},
    }),
    log,
    keys: fixedKeys(options.keys ?? {}),
    clock: options.clock ?? Date.now,
    logger: { info: write('info'), warn: write('warn'), error: write('error') },
    random: options.random ?? (() => 0.5),
    randomBytes,
  })
  const { httpPort, grpcPort } = await collector.start()
  return {
    http: `http://127.0.0.1:${httpPort}`,
    grpc: `127.0.0.1:${grpcPort}`,
    httpPort,
    grpcPort,
    log,
    lines,
    data: (of = Topic.traces) => log.appended.filter(({ topic, envelope }) => topic === of && envelope.content !== Content.heartbeat),
    stop: (deadlineMs = 1000) => collector.stop(deadlineMs),
  }
}

function fixedKeys(known: Record<string, Authentication>): Keys {
  const unused = async (): Promise<never> => {
    throw new Error('a collector only authenticates')
  }
  return { create: unused, list: unused, revoke: unused, authenticate: async (text) => known[text] ?? { ok: false, reason: 'unknown' } }
}
