import { describe, expect, test } from 'vitest'
import { pastedLine } from './pasted-line.ts'

const [TRACE, SPAN] = ['4bf92f3577b34da6a3ce929d0e0e4736', '00f067aa0ba902b7']
const ON = { severityFromText: true, traceFromText: true }
const text = `level=error trace_id=${TRACE.toUpperCase()} span_id=${SPAN}`

describe('a pasted line', () => {
  test('has the severity and the trace that it says, as one that comes in', () => {
    expect(pastedLine({ text }, ON, 0)).toMatchObject({ severity: 17, traceId: TRACE, spanId: SPAN, body: text })
  })

  test('has what was given instead', () => {
    expect(pastedLine({ text, severity: 9 }, ON, 0)).toMatchObject({ severity: 9 })
  })

  test('has neither where ingest looks for neither, or the text says none', () => {
    const none = { severity: 0, traceId: '', spanId: '' }
    expect(pastedLine({ text }, { severityFromText: false, traceFromText: false }, 0)).toMatchObject(none)
    expect(pastedLine({ text: 'played' }, ON, 0)).toMatchObject(none)
  })
})
