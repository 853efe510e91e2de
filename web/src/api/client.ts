import { problem } from '@skein/schemas/problem'
import type { ProblemCode, ProblemPart } from '@skein/schemas/problem'
import type { z } from 'zod'

/** Codes of failures the server never got to name. */
export type ClientErrorCode = 'unreachable' | 'timeout' | 'unexpected_answer'

export interface ApiFailure {
  code: ProblemCode | ClientErrorCode
  /** 0 when there was no answer. */
  status: number
  detail: string
  hint: string | null
  /** What is wrong in what was sent, part by part. */
  parts: readonly ProblemPart[]
}

/** Any failure of a request: the problem the server named, or why there was none. */
export class ApiError extends Error {
  readonly failure: ApiFailure
  constructor(failure: ApiFailure) {
    super(`${failure.code}: ${failure.detail}`)
    this.name = 'ApiError'
    this.failure = failure
  }
}

export type QueryValue = string | number | boolean | readonly string[] | undefined
export type Query = Readonly<Record<string, QueryValue>>

export interface Request<T> {
  path: string
  schema: z.ZodType<T>
  query?: Query | undefined
  signal?: AbortSignal | undefined
}

/** A change of something kept. */
export interface Change<T> extends Omit<Request<T>, 'query'> {
  method: 'POST' | 'PUT' | 'DELETE'
  body?: unknown
}

export interface ApiClient {
  /** Resolves with an answer the schema accepts; rejects with `ApiError`, or with the signal's reason when the caller gave up. */
  get<T>(request: Request<T>): Promise<T>
  /** The same for what changes something. */
  send<T>(change: Change<T>): Promise<T>
}

export interface ClientOptions {
  fetch: typeof globalThis.fetch
  /** An answer slower than this is given up; nothing waits for ever. */
  timeoutMs?: number
}

export function createApiClient(options: ClientOptions): ApiClient {
  const timeoutMs = options.timeoutMs ?? 30_000
  const answerOf = async <T>(schema: z.ZodType<T>, signals: Signals, asked: Asked): Promise<T> => {
    const response = await ask(options.fetch, asked, signals)
    const body = await readJson(response, signals)
    if (!response.ok) throw new ApiError(failureOf(response.status, body))
    const parsed = schema.safeParse(body)
    if (parsed.success) return parsed.data
    const issue = parsed.error.issues[0]
    const detail = `${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`.trim()
    throw new ApiError({ code: 'unexpected_answer', status: response.status, detail, hint: null, parts: [] })
  }
  const signalsOf = (signal: AbortSignal | undefined): Signals => ({ signal, timeout: AbortSignal.timeout(timeoutMs) })
  return {
    get: ({ path, schema, query, signal }) => answerOf(schema, signalsOf(signal), { address: addressOf(path, query) }),
    send: ({ method, path, schema, body, signal }) => answerOf(schema, signalsOf(signal), { address: path, method, ...(body === undefined ? {} : { body }) }),
  }
}

interface Asked {
  address: string
  method?: Change<unknown>['method']
  body?: unknown
}

/** Path plus query; undefined and empty values are left out, lists repeat the key. */
export function addressOf(path: string, query: Query = {}): string {
  const parameters = new URLSearchParams()
  for (const [key, value] of Object.entries(query)) {
    if (value === undefined || value === '') continue
    for (const one of typeof value === 'object' ? value : [value]) parameters.append(key, String(one))
  }
  const text = parameters.toString()
  return text === '' ? path : `${path}?${text}`
}

interface Signals {
  signal: AbortSignal | undefined
  timeout: AbortSignal
}

async function ask(fetch: typeof globalThis.fetch, { address, method, body }: Asked, signals: Signals): Promise<Response> {
  const signal = signals.signal === undefined ? signals.timeout : AbortSignal.any([signals.signal, signals.timeout])
  try {
    const sent = body === undefined ? {} : { body: JSON.stringify(body) }
    const headers = { accept: 'application/json', ...(body === undefined ? {} : { 'content-type': 'application/json' }) }
    return await fetch(address, { headers, signal, ...(method === undefined ? {} : { method }), ...sent })
  } catch (error) {
    throw transportError(error, signals)
  }
}

async function readJson(response: Response, signals: Signals): Promise<unknown> {
  try {
    return JSON.parse(await response.text())
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw transportError(error, signals)
  }
}

function transportError(error: unknown, { signal, timeout }: Signals): unknown {
  if (signal?.aborted === true) return error
  if (timeout.aborted) return new ApiError({ code: 'timeout', status: 0, detail: 'no answer in time', hint: null, parts: [] })
  return new ApiError({ code: 'unreachable', status: 0, detail: error instanceof Error ? error.message : String(error), hint: null, parts: [] })
}

function failureOf(status: number, body: unknown): ApiFailure {
  const parsed = problem.safeParse(body)
  if (!parsed.success) return { code: 'unexpected_answer', status, detail: `HTTP ${status}`, hint: null, parts: [] }
  const { code, detail, title, hint, errors } = parsed.data
  return { code, status, detail: detail ?? title, hint: hint ?? null, parts: errors ?? [] }
}
