import { type TraceAnswer, traceAnswer, type TraceSpan } from '@skein/schemas/api/traces'
import { ApiError, type ApiClient, type ApiFailure } from '../api/client.ts'
import { searchableText, spanMatcher } from './find-spans.ts'
import { otlpResourceSpans } from '@skein/schemas/otlp-json'
import { type PackedModel, packModel } from './packed-model.ts'
import { buildTraceModel } from './trace-model.ts'

/** What a page may ask of the reader of one trace. */
export interface TraceAsks {
  load: { ask: { id: string; around: string }; answer: LoadedTrace }
  find: { ask: { text: string }; answer: Int32Array<ArrayBuffer> | null }
  detail: { ask: { key: string }; answer: TraceSpan | null }
  otlp: { ask: Record<never, never>; answer: string }
}

export interface LoadedTrace extends Pick<TraceAnswer, 'traceId' | 'truncated'> {
  packed: PackedModel
  /** Distinct values of `session.id`, of spans and resources. */
  sessions: string[]
}

export type TraceRequest = { [Kind in keyof TraceAsks]: { seq: number; kind: Kind; ask: TraceAsks[Kind]['ask'] } }[keyof TraceAsks]
export type TraceResponse = { seq: number; answer: TraceAsks[keyof TraceAsks]['answer'] } | { seq: number; failure: ApiFailure }

interface Held {
  answer: TraceAnswer
  /** In the order of the rows; null for a parent that was never received. */
  spans: (TraceSpan | null)[]
  byKey: Map<string, TraceSpan>
  /** Filled when first sought in. */
  texts: (string | undefined)[]
}

/** Reads one trace and keeps all of it; the page gets what it draws, and asks for the rest. */
export function createTraceReader(client: ApiClient): (request: TraceRequest) => Promise<TraceResponse> {
  let held: Held | null = null
  const answerTo = async (request: TraceRequest): Promise<TraceAsks[keyof TraceAsks]['answer']> => {
    if (request.kind === 'load') {
      const read = await load(client, request.ask)
      held = read.held
      return read.loaded
    }
    if (request.kind === 'find') return held === null ? null : find(held, request.ask.text)
    if (request.kind === 'detail') return held?.byKey.get(request.ask.key) ?? null
    return held === null ? '' : JSON.stringify({ resourceSpans: otlpResourceSpans(held.answer) })
  }
  return async (request) => {
    try {
      return { seq: request.seq, answer: await answerTo(request) }
    } catch (error) {
      return { seq: request.seq, failure: failureOf(error) }
    }
  }
}

async function load(client: ApiClient, { id, around }: TraceAsks['load']['ask']): Promise<{ held: Held; loaded: LoadedTrace }> {
  const answer = await client.get({ path: `/api/traces/${id}`, schema: traceAnswer, query: { around } })
  const model = buildTraceModel(answer)
  // the rows are of the whole spans here
  const spans = model.rows.map((row) => row.span as TraceSpan | null)
  const byKey = new Map(model.rows.flatMap((row, index) => (spans[index] == null ? [] : [[row.key, spans[index]] as const])))
  const { traceId, truncated } = answer
  return {
    held: { answer, spans, byKey, texts: [] },
    loaded: { traceId, truncated, packed: packModel(model), sessions: sessionsOf(answer) },
  }
}

function sessionsOf({ spans, resources }: TraceAnswer): string[] {
  const all = [...spans.map((span) => span.attributes['session.id']), ...Object.values(resources).map((resource) => resource['session.id'])]
  return [...new Set(all.filter((id) => typeof id === 'string' && id !== ''))] as string[]
}

function find(held: Held, text: string): Int32Array<ArrayBuffer> | null {
  const matches = spanMatcher(text)
  if (matches === null) return null
  const found: number[] = []
  held.spans.forEach((span, index) => {
    if (span !== null && matches(span, () => (held.texts[index] ??= searchableText(span)))) found.push(index)
  })
  return Int32Array.from(found)
}

function failureOf(error: unknown): ApiFailure {
  if (error instanceof ApiError) return error.failure
  return { code: 'unexpected_answer', status: 0, detail: error instanceof Error ? error.message : String(error), hint: null, parts: [] }
}
