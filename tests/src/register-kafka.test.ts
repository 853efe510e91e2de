import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { brokerUnavailable, startTestBroker, type TestBroker } from '@skein/eventlog/kafka/broker-for-tests'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { apiOf, sayEdges } from './harness/api.ts'
import { eventually, type SkeinUp, startUp } from './harness/skein-process.ts'

const unavailable = await brokerUnavailable()
const APP = join(import.meta.dirname, 'fixtures', 'kafka-app.ts')
const MESSAGES = 3

let broker: TestBroker
let skein: SkeinUp

beforeAll(async () => {
  if (unavailable !== null) return
  ;[broker, skein] = await Promise.all([startTestBroker(), startUp()])
})
afterAll(async () => {
  await skein?.destroy()
  await broker?.destroy()
})

/** Resolves with what it wrote, once it has ended well. */
async function ran(service: string, role: 'send' | 'take'): Promise<string> {
  const app = spawn(process.execPath, ['--import', '@skein/agent/register', APP, role], {
    env: { ...process.env, BROKER: broker.bootstrap, OTEL_SERVICE_NAME: service, OTEL_EXPORTER_OTLP_ENDPOINT: skein.otlpHttp, OTEL_METRICS_EXPORTER: 'none' },
  })
  let output = ''
  for (const stream of [app.stdout, app.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const [code] = (await once(app, 'exit')) as [number | null]
  expect([code, output]).toEqual([0, output])
  return output
}

describe.skipIf(unavailable !== null)('node --import @skein/agent/register over a real Kafka', () => {
  it('follows each message from who sends it to who takes it, with what is logged on the way', async () => {
    const [taken] = await Promise.all([ran('billing', 'take'), ran('playback', 'send')])
    expect(taken.match(/took play \d/g)).toEqual(['took play 1', 'took play 2', 'took play 3'])
    const api = apiOf(skein.api)
    await eventually(
      async () =>
        expect(sayEdges(await api.topology())).toEqual([
          `kafka/plays -consume-> billing (topic ${MESSAGES})`,
          `playback -publish-> kafka/plays (topic ${MESSAGES})`,
        ]),
      30_000,
      500,
    )
    const lines = await eventually(
      async () => {
        const found = await api.logs('?q=took')
        expect(found.lines).toHaveLength(MESSAGES)
        return found.lines
      },
      30_000,
      500,
    )
    // rows of a range come table by table, so the map may know a call a moment before its trace can be read
    await eventually(
      async () => {
        for (const { traceId, spanId } of lines) {
          const { spans } = await api.trace(traceId ?? 'none')
          const takes = spans.find((span) => span.spanId === spanId)
          const sends = spans.find((span) => span.spanId === takes?.parentSpanId)
          expect([sends?.service, takes?.service]).toEqual(['playback', 'billing'])
        }
      },
      30_000,
      500,
    )
  })
})
