import { SpanKind, SpanStatusCode } from '@opentelemetry/api'
import { OTLPTraceExporter as GrpcExporter } from '@opentelemetry/exporter-trace-otlp-grpc'
import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { OTLPTraceExporter as ProtoExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startCollector, type TestCollector } from './collector-for-tests.ts'
import { oracleSpans } from './otlp-oracle.ts'

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
