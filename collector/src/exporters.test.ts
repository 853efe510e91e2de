import { ROOT_CONTEXT, SeverityNumber, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import { OTLPLogExporter as GrpcLogExporter } from '@opentelemetry/exporter-logs-otlp-grpc'
import { OTLPLogExporter as JsonLogExporter } from '@opentelemetry/exporter-logs-otlp-http'
import { OTLPLogExporter as ProtoLogExporter } from '@opentelemetry/exporter-logs-otlp-proto'
import { OTLPTraceExporter as GrpcExporter } from '@opentelemetry/exporter-trace-otlp-grpc'
import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { OTLPTraceExporter as ProtoExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs'
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import { Topic } from '@skein/schemas/topics'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startCollector, type TestCollector } from './collector-for-tests.ts'
import { oracleLogs, oracleSpans } from './otlp-oracle.ts'

let collector: TestCollector
beforeAll(async () => {
  collector = await startCollector()
})
afterAll(() => collector.stop())

const exporters = {
  'protobuf over HTTP': () => new ProtoExporter({ url: `${collector.http}/v1/traces` }),
  'gzipped protobuf over HTTP': () => new ProtoExporter({ url: `${collector.http}/v1/traces`, compression: 'gzip' as never }),
  'JSON over HTTP': () => new JsonExporter({ url: `${collector.http}/v1/traces` }),
  gRPC: () => new GrpcExporter({ url: `http://${collector.grpc}` }),
  'gzipped gRPC': () => new GrpcExporter({ url: `http://${collector.grpc}`, compression: 'gzip' as never }),
}

for (const [name, make] of Object.entries(exporters)) {
  it(`spans of the OpenTelemetry SDK arrive whole by ${name}`, async () => {
    const before = collector.data().length
    const exporter = make()
    const provider = new TracerProvider({ spanProcessors: [new BatchSpanProcessor({ exporter })] })
    const tracer = provider.getTracer('shop', '1.2.3')
    const ids: string[] = []
    for (let i = 0; i < 20; i++) {
      const span = tracer.startSpan(`GET /film/${i}`, {
        kind: SpanKind.SERVER,
        attributes: { 'http.route': '/film/{id}', n: i, ratio: 0.5, yes: true, list: ['a', 'b'] },
      })
      span.addEvent('cache miss', { key: 'k' })
      span.setStatus({ code: SpanStatusCode.ERROR, message: 'gone' })
      span.end()
      ids.push(Buffer.from(span.spanContext().traceId, 'hex').toString('base64'))
    }
    await provider.forceFlush()
    await provider.shutdown()
    const envelopes = collector.data().slice(before)
    const spans = envelopes.flatMap(({ envelope }) => oracleSpans(envelope.payload))
    expect(spans.map((span) => span.traceId).toSorted()).toEqual(ids.toSorted())
    expect(spans.every((span) => span.canonical.includes('"cache miss"') && span.canonical.includes('"shop"') && span.canonical.includes('"gone"'))).toBe(true)
    expect(envelopes.every(({ envelope }) => envelope.tenant === 'default')).toBe(true)
  })
}

const logExporters = {
  'protobuf over HTTP': () => new ProtoLogExporter({ url: `${collector.http}/v1/logs` }),
  'gzipped protobuf over HTTP': () => new ProtoLogExporter({ url: `${collector.http}/v1/logs`, compression: 'gzip' as never }),
  'JSON over HTTP': () => new JsonLogExporter({ url: `${collector.http}/v1/logs` }),
  gRPC: () => new GrpcLogExporter({ url: `http://${collector.grpc}` }),
  'gzipped gRPC': () => new GrpcLogExporter({ url: `http://${collector.grpc}`, compression: 'gzip' as never }),
}

for (const [name, make] of Object.entries(logExporters)) {
  it(`log records of the OpenTelemetry SDK arrive whole by ${name}`, async () => {
    const before = collector.data(Topic.logs).length
    const provider = new LoggerProvider({ processors: [new BatchLogRecordProcessor({ exporter: make() })] })
    const logger = provider.getLogger('shop', '1.2.3')
    const spanContext = { traceId: '5b8efff798038103d269b633813fc60c', spanId: 'eee19b7ec3c1b174', traceFlags: 1 }
    for (let i = 0; i < 20; i++) {
      logger.emit({
        severityNumber: SeverityNumber.WARN,
        severityText: 'WARN',
        body: i % 2 === 0 ? `订单 ${i} is slow` : { order: i, items: ['a', 'b'], nested: { ok: true } },
        attributes: { n: i, ratio: 0.5, yes: true, list: ['a', 'b'] },
        ...(i < 10 ? { context: trace.setSpanContext(ROOT_CONTEXT, spanContext) } : {}),
      })
    }
    await provider.forceFlush()
    await provider.shutdown()
    const envelopes = collector.data(Topic.logs).slice(before)
    const records = envelopes.flatMap(({ envelope }) => oracleLogs(envelope.payload))
    expect(records).toHaveLength(20)
    expect(records.filter(({ traceId }) => Buffer.from(traceId, 'base64').toString('hex') === spanContext.traceId)).toHaveLength(10)
    expect(records.filter(({ canonical }) => canonical.includes('is slow') && canonical.includes('订单'))).toHaveLength(10)
    expect(records.filter(({ canonical }) => canonical.includes('"nested"'))).toHaveLength(10)
    expect(records.every(({ canonical }) => canonical.includes('"severityNumber":13') && canonical.includes('"shop"'))).toBe(true)
    expect(envelopes.every(({ envelope }) => envelope.tenant === 'default')).toBe(true)
  })
}
