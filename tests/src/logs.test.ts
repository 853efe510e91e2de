import { ROOT_CONTEXT, trace } from '@opentelemetry/api'
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-proto'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs'
import type { IntakeAnswer } from '@skein/schemas/api/intake'
import type { LogsAnswer } from '@skein/schemas/api/logs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { send } from './harness/http.ts'
import { text } from './harness/spans.ts'
import { eventually, type SkeinUp, startUp } from './harness/skein-process.ts'

let skein: SkeinUp
beforeAll(async () => {
  skein = await startUp()
})
afterAll(async () => {
  await skein.destroy()
})

async function linesOf(query: string): Promise<LogsAnswer['lines']> {
  const response = await fetch(`${skein.api}/api/logs?limit=1000&order=asc&${query}`)
  return ((await response.json()) as LogsAnswer).lines
}

/** Lines of a file as an agent sends them. */
function tailedLines(from: number, to: number): object {
  const observedMs = Date.now()
  const logRecords = Array.from({ length: to - from }, (_, i) => ({
    observedTimeUnixNano: `${observedMs + from + i}000000`,
    body: { stringValue: `line ${from + i}` },
    attributes: [text('log.file.path', '/var/log/app.log'), text('log.record.uid', `00000000c0ffee00:${(from + i) * 20}`)],
  }))
  return { resourceLogs: [{ resource: { attributes: [text('service.name', 'tailed')] }, scopeLogs: [{ logRecords }] }] }
}

describe('logs in, lines found', () => {
  it('what the OpenTelemetry SDK logs is there within 3 s, with its trace, its severity and its attributes', async () => {
    const traceId = '5b8efff798038103d269b633813fc60c'
    const provider = new LoggerProvider({
      resource: resourceFromAttributes({ 'service.name': 'billing', 'deployment.environment.name': 'prod' }),
      processors: [new BatchLogRecordProcessor({ exporter: new OTLPLogExporter({ url: `${skein.otlpHttp}/v1/logs` }) })],
    })
    const logger = provider.getLogger('orders')
    const context = trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId: 'eee19b7ec3c1b174', traceFlags: 1 })
    for (let i = 0; i < 100; i++)
      logger.emit({ severityNumber: i === 7 ? 17 : 9, body: i === 7 ? '订单 7 支付失败' : `order ${i} paid`, attributes: { n: i }, context })
    logger.emit({ body: { order: 100, items: ['a', 'b'] } })
    await provider.shutdown()
    const exportedAt = performance.now()
    const lines = await eventually(async () => {
      const found = await linesOf('service=billing')
      expect(found.length).toBe(101)
      return found
    }, 10_000)
    expect(performance.now() - exportedAt).toBeLessThan(3000)
    expect(lines.filter((line) => line.traceId === traceId).map(({ attributes }) => attributes['n'])).toEqual(Array.from({ length: 100 }, (_, i) => i))
    expect(await linesOf(`q=${encodeURIComponent('severity>=error 支付失败')}`)).toMatchObject([
      { severityClass: 'error', environment: 'prod', scope: 'orders' },
    ])
    expect(await linesOf(`q=${encodeURIComponent('items')}`)).toMatchObject([{ bodyKind: 'json', body: '{"order":100,"items":["a","b"]}' }])
  }, 20_000)

  it('an agent that is killed and sends again from where it knows to be, in other portions, brings each line once', async () => {
    const url = `${skein.otlpHttp}/v1/logs`
    for (const [from, to] of [
      [0, 40],
      [25, 60],
      [0, 61],
      [60, 80],
    ] as const) {
      const reply = await send(url, { headers: { 'content-type': 'application/json' }, body: JSON.stringify(tailedLines(from, to)) })
      expect(reply.status).toBe(200)
    }
    const bodies = await eventually(async () => {
      const found = await linesOf('service=tailed')
      expect(found.length).toBeGreaterThanOrEqual(80)
      return found.map(({ body }) => body)
    }, 10_000)
    expect(bodies).toEqual(Array.from({ length: 80 }, (_, i) => `line ${i}`))
    await eventually(async () => {
      const { outcomes } = (await (await fetch(`${skein.api}/api/intake`)).json()) as IntakeAnswer
      expect(outcomes).toMatchObject([{ signal: 'logs', kind: 'repeat', reason: 'repeat_record', records: 15 + 60 + 1 }])
    }, 5000)
  }, 20_000)

  it('a line of a file leads to the trace that it says, without a rule', async () => {
    const [traceId, spanId] = ['4bf92f3577b34da6a3ce929d0e0e4736', '00f067aa0ba902b7']
    const body = { stringValue: JSON.stringify({ level: 50, msg: 'no licence', trace_id: traceId, span_id: spanId }) }
    const resource = { attributes: [text('service.name', 'drm')] }
    const logs = { resourceLogs: [{ resource, scopeLogs: [{ logRecords: [{ body, attributes: [text('log.file.path', '/var/log/drm.log')] }] }] }] }
    const reply = await send(`${skein.otlpHttp}/v1/logs`, { headers: { 'content-type': 'application/json' }, body: JSON.stringify(logs) })
    expect(reply.status).toBe(200)
    await eventually(async () => {
      expect(await linesOf(`q=${encodeURIComponent(`trace_id:${traceId}`)}`)).toMatchObject([{ service: 'drm', traceId, spanId, severityClass: 'error' }])
    }, 10_000)
  }, 20_000)
})
