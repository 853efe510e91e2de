import type { TraceAnswer } from '@skein/schemas/api/traces'
import type { Note } from '@skein/schemas/api/window'
import type { SpanRow } from '@skein/store/contract-traces'
import { criticalPathOf } from './critical-path.ts'
import { traceSpanOf } from './span.ts'

export interface TraceParts {
  traceId: string
  resources: TraceAnswer['resources']
  /** By start. */
  spans: readonly SpanRow[]
  /** There are more spans than these. */
  truncated: boolean
  /** Spans are written until they take this; the first always. */
  maxBytes: number
}

/** A piece is about this many spans: a few milliseconds of work. */
export const SPANS_A_PIECE = 500

/**
 * A trace answer as JSON text, piece by piece, so that a trace of 50,000 spans holds up nobody. What depends on how many spans fit stands after
 * them: the critical path is that of the spans written.
 */
export function* traceText({ traceId, resources, spans, truncated, maxBytes }: TraceParts): Generator<string> {
  yield `{"traceId":${JSON.stringify(traceId)},"resources":${JSON.stringify(resources)},"spans":[`
  let bytes = 0
  let written = 0
  for (let from = 0; from < spans.length && written === from; from += SPANS_A_PIECE) {
    let piece = ''
    for (const row of spans.slice(from, from + SPANS_A_PIECE)) {
      const text = JSON.stringify(traceSpanOf(row))
      bytes += Buffer.byteLength(text)
      if (bytes > maxBytes && written > 0) break
      piece += written === 0 ? text : `,${text}`
      written++
    }
    yield piece
  }
  const cut = truncated || written < spans.length
  const notes = cut ? [limitNote(written)] : []
  yield `],"criticalPath":${JSON.stringify(criticalPathOf(spans.slice(0, written)))},"truncated":${cut},"notes":${JSON.stringify(notes)}}`
}

function limitNote(count: number): Note {
  return {
    code: 'limit',
    message:
      `The trace is larger than an answer may be; the first ${count} spans by start are shown, and the critical path is that of these alone. ` +
      'The limits are limits.query.traceSpans and limits.query.traceBytes',
    count,
  }
}
