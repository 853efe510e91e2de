import { problem } from '@skein/schemas/problem'
import type { ProblemCode } from '@skein/schemas/problem'
import type { z } from 'zod'

/** Codes of failures the server never got to name. */
export type ClientErrorCode = 'unreachable' | 'timeout' | 'unexpected_answer'

export interface ApiFailure {
  code: ProblemCode | ClientErrorCode
  /** 0 when there was no answer. */
  status: number
  detail: string
  hint: string | null
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

export interface ApiClient {
  /** Resolves with an answer the schema accepts; rejects with `ApiError`, or with the signal's reason when the caller gave up. */
  get<T>(request: Request<T>): Promise<T>
}

export interface ClientOptions {
  fetch: typeof globalThis.fetch
  /** An answer slower than this is given up; nothing waits for ever. */
  timeoutMs?: number
}

export function createApiClient(options: ClientOptions): ApiClient {
  const timeoutMs = options.timeoutMs ?? 30_000
  return {
    async get({ path, schema, query, signal }) {
      const signals = { signal, timeout: AbortSignal.timeout(timeoutMs) }
      const response = await ask(options.fetch, addressOf(path, query), signals)
      const body = await readJson(response, signals)
      if (!response.ok) throw new ApiError(failureOf(response.status, body))
      const parsed = schema.safeParse(body)
      if (parsed.success) return parsed.data
      const issue = parsed.error.issues[0]
      const detail = `${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`.trim()
      throw new ApiError({ code: 'unexpected_answer', status: response.status, detail, hint: null })
    },
  }
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

async function ask(fetch: typeof globalThis.fetch, address: string, signals: Signals): Promise<Response> {
  const signal = signals.signal === undefined ? signals.timeout : AbortSignal.any([signals.signal, signals.timeout])
  try {
    return await fetch(address, { headers: { accept: 'application/json' }, signal })
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
  if (timeout.aborted) return new ApiError({ code: 'timeout', status: 0, detail: 'no answer in time', hint: null })
  return new ApiError({ code: 'unreachable', status: 0, detail: error instanceof Error ? error.message : String(error), hint: null })
}

function failureOf(status: number, body: unknown): ApiFailure {
  const parsed = problem.safeParse(body)
  if (!parsed.success) return { code: 'unexpected_answer', status, detail: `HTTP ${status}`, hint: null }
  const { code, detail, title, hint } = parsed.data
  return { code, status, detail: detail ?? title, hint: hint ?? null }
}
