import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createTraceInLine } from './trace-in-line.ts'

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736'
const SPAN = '00f067aa0ba902b7'
const traceInLine = createTraceInLine()

function idsOf(line: string): { trace: string; span: string } | null {
  // a line never stands alone in its memory: what lies beside it must not be read
  const bytes = Buffer.from(`${TRACE}${line}${SPAN}`)
  const ids = { traceAt: -1, spanAt: -1 }
  if (!traceInLine(bytes, { start: TRACE.length, end: bytes.length - SPAN.length }, ids)) return null
  const digits = (at: number, length: number): string => (at < 0 ? '' : bytes.toString('latin1', at, at + length))
  return { trace: digits(ids.traceAt, 32), span: digits(ids.spanAt, 16) }
}

describe('the trace that a line says', () => {
  test.each([
    `{"level":30,"trace_id":"${TRACE}","span_id":"${SPAN}","trace_flags":"01","msg":"x"}`,
    `{"span_id":"${SPAN}","msg":"x","trace_id": "${TRACE}"}`,
    `{"traceId":"${TRACE}","spanId":"${SPAN}"}`,
    `{"TraceId":"${TRACE}","SpanId":"${SPAN}"}`,
    `{"traceid":"${TRACE}","spanid":"${SPAN}","parentid":"${SPAN.replace('0', '1')}"}`,
    `{"trace.id":"${TRACE}","span.id":"${SPAN}"}`,
    `{"parent_span_id":"1111111111111111","parentSpanId":"1111111111111111","span_id":"${SPAN}","trace_id":"${TRACE}"}`,
    `{"log":"{\\"trace_id\\":\\"${TRACE}\\",\\"span_id\\":\\"${SPAN}\\"}"}`,
    `time=2026-11-25T10:00:00Z level=info trace_id=${TRACE} span_id=${SPAN} msg="x"`,
    `2026-11-25 10:00:00,123 INFO [root] [app.py:12] [trace_id=${TRACE} span_id=${SPAN} resource.service.name=epg trace_sampled=True] - x`,
    `{"otelTraceID":"${TRACE}","otelSpanID":"${SPAN}"}`,
    `10:00:00.123 [main] INFO c.e.App traceId: ${TRACE}, spanId: ${SPAN} - x`,
    `played, Trace ID: ${TRACE} (span id ${SPAN})`,
    `2026-11-25T10:00:00.123+08:00  INFO 12345 --- [epg] [nio-8080-exec-1] [${TRACE}-${SPAN}] c.e.App : x`,
    `2026-11-25 10:00:00.123  INFO [epg,${TRACE},${SPAN}] 12345 --- [main] c.e.App : x`,
    `GET /play 200 traceparent=00-${TRACE}-${SPAN}-01`,
  ])('%s', (line) => {
    expect(idsOf(line)).toEqual({ trace: TRACE, span: SPAN })
  })

  test.each([
    `trace_id=${TRACE}`,
    `trace_id=${TRACE} span_id=`,
    `{"trace_id":"${TRACE}","span_id":"${'0'.repeat(16)}"}`,
    `trace_id="${TRACE}" span_id=${SPAN}0`,
  ])('without a span: %s', (line) => {
    expect(idsOf(line)).toEqual({ trace: TRACE, span: '' })
  })

  test('the first name with an id counts, and digits of either case', () => {
    expect(idsOf(`trace_id=- trace_id=${TRACE.toUpperCase()} trace_id=${'1'.repeat(32)}`)).toEqual({ trace: TRACE.toUpperCase(), span: '' })
  })

  test.each([
    '',
    'trace',
    'trace_id',
    'trace_id=',
    `trace_id=${TRACE.slice(1)}`,
    `trace_id=${TRACE}0`,
    `trace_id=${TRACE}g`,
    `trace_id=${'0'.repeat(32)} span_id=${SPAN}`,
    `traceidentity=${TRACE}`,
    `parent_trace_id=${TRACE}`,
    `trace=${TRACE}`,
    `digest ${TRACE}`,
    `md5 of the file is ${TRACE}, its size ${SPAN}`,
    `${TRACE},${SPAN},5`,
    `x${TRACE}-${SPAN}`,
    `${TRACE}-${SPAN}0`,
    `/vod/${TRACE}${TRACE}-${SPAN}/index.m3u8`,
    '550e8400-e29b-41d4-a716-446655440000',
    'dd.trace_id=4242424242424242424',
    `trace_id ${'='.repeat(9)} ${TRACE}`,
  ])('none: %s', (line) => {
    expect(idsOf(line)).toBeNull()
  })

  test('is found wherever it stands, and never outside of the line', () => {
    const text = fc.string({ unit: fc.constantFrom(...Array.from('trace_idspn=: "0123456789abcdef-,[]é中')), maxLength: 80 })
    const shapes = [`trace_id=${TRACE} span_id=${SPAN}`, `traceparent=00-${TRACE}-${SPAN}-01`, `[${TRACE}-${SPAN}]`]
    fc.assert(
      fc.property(text, text, fc.constantFrom(...shapes), (before, behind, shape) => {
        expect(idsOf(`${before} | ${shape} | ${behind}`)).not.toBeNull()
        const found = idsOf(`${before}${behind}`)
        if (found === null) return
        expect(`${before}${behind}`).toContain(found.trace)
        expect(found.trace).toMatch(/^[0-9a-f]{32}$/)
      }),
      { numRuns: 2000 },
    )
  })
})
