import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { brokerUnavailable, startTestBroker, type TestBroker } from '@skein/eventlog/kafka/broker-for-tests'
import { createKafkaLog } from '@skein/eventlog/kafka/log'
import { Topic } from '@skein/schemas/topics'
import { type HttpFront, startHttpFront } from '@skein/store/http/front-for-tests'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePorts } from '@skein/demo/free-ports'
import { deadLetters, garbage, judgeDeadLetters } from './harness/dead-letters.ts'
import { createProducer, judge, type Producer } from './harness/oracle.ts'
import { eventually, ready, type SkeinProcess, startSkein } from './harness/skein-process.ts'

const unavailable = await brokerUnavailable()

let folder: string
let broker: TestBroker
let front: HttpFront
let env: Record<string, string>
let producer: Producer
const running: SkeinProcess[] = []
const [grpc = 0, http = 0, api = 0] = await freePorts(3)

function start(words: string[], more: Record<string, string> = {}): SkeinProcess {
  const skein = startSkein(words, { ...env, ...more })
  running.push(skein)
  return skein
}

beforeAll(async () => {
  if (unavailable !== null) return
  folder = mkdtempSync(join(tmpdir(), 'skein-cluster-'))
  broker = await startTestBroker()
  front = await startHttpFront(join(folder, 'store'))
  env = {
    SKEIN_DATA_DIR: join(folder, 'data'),
    SKEIN_KAFKA_BROKERS: broker.bootstrap,
    SKEIN_KAFKA__ALLOW_WEAK: 'true',
    SKEIN_KAFKA__REPLICATION_FACTOR: '1',
    SKEIN_LOG__PARTITIONS: '6',
    SKEIN_CLICKHOUSE_URL: front.url,
    SKEIN_OTLP_GRPC_PORT: String(grpc),
    SKEIN_OTLP_HTTP_PORT: String(http),
    SKEIN_HTTP_PORT: String(api),
  }
  producer = createProducer(() => `http://127.0.0.1:${http}`, { seed: 20261124, spansPerSecond: 1500, connections: 2 })
})

afterAll(async () => {
  for (const skein of running) await skein.kill9()
  await front?.close()
  await broker?.destroy()
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true })
})

describe.skipIf(unavailable !== null)('collector, ingest × 2 and query over a real Kafka', () => {
  it('give the true map, also when one ingest dies by kill -9 and another leaves', { timeout: 300_000 }, async () => {
    expect(await start(['migrate']).exited).toBe(0)
    const first = start(['ingest'])
    const second = start(['ingest'])
    await Promise.all([ready(start(['collector']), `http://127.0.0.1:${http}/readyz`), ready(start(['query']), `http://127.0.0.1:${api}/readyz`)])
    const startedAt = performance.now()
    const sending = producer.run(() => performance.now() - startedAt > 15_000)
    await sleep(6000)
    await first.kill9()
    await sleep(2000)
    start(['ingest'])
    await sleep(4000)
    expect(await second.stop()).toBe(0)
    await sending
    await eventually(() => judge(`http://127.0.0.1:${api}`, producer.load), 180_000, 1000)
    await sleep(2000)
    await judge(`http://127.0.0.1:${api}`, producer.load)
  })

  it('keep garbage of the log as dead letters in a topic of Kafka', { timeout: 120_000 }, async () => {
    const written = garbage()
    const options = { brokers: [broker.bootstrap], clientId: 'garbage', partitions: () => 6, replicationFactor: 1, allowWeak: true, clock: Date.now }
    const log = await createKafkaLog({ ...options, report: () => undefined })
    for (const [partition, value] of written) await log.append(Topic.traces, [{ partition, value }])
    await log.close(5000)
    await eventually(async () => judgeDeadLetters(await deadLetters(env), written), 90_000)
  })
})
