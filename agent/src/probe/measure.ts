import type { ProbeMeasure } from '@skein/schemas/agent-probe'
import type { PeerClient } from './peer-client.ts'
import type { Carried, PeerAnswer } from './peer-words.ts'

/** What was found of one way. A measure that was not taken, or failed, is not there. */
export interface Measured {
  identity?: PeerAnswer
  connectMs?: number
  httpP50Ms?: number
  httpP95Ms?: number
  requestsPerSecond?: number
  downBytesPerSecond?: number
  upBytesPerSecond?: number
  /** Why measures failed, one sentence each. */
  errors: string[]
}

export interface MeasureOptions {
  client: PeerClient
  measures: ReadonlySet<ProbeMeasure>
  transferBytes: number
  limitMs: number
  nowMs: () => number
}

const CONNECTS = 5
const ASKS = 20
export const PARALLEL = 8
const MAX_REQUESTS = 5000
const REQUESTS_MS = 1000

/** One measure after the other, so that none disturbs another. Never rejects. */
export async function measurePeer(options: MeasureOptions): Promise<Measured> {
  const { measures } = options
  const found: Measured = { errors: [] }
  const attempt = async (what: string, work: () => Promise<Partial<Measured>>): Promise<void> => {
    try {
      Object.assign(found, await work())
    } catch (error) {
      found.errors.push(`${what}: ${sentenceOf(error)}`)
    }
  }
  if (measures.has('connect')) await attempt('connect', () => connects(options))
  await attempt('http', () => asks(options))
  if (found.identity === undefined) return found
  if (measures.has('requests')) await attempt('requests', () => requests(options))
  if (!measures.has('bandwidth')) return found
  const { client, limitMs } = options
  const bytes = Math.min(options.transferBytes, found.identity.transferBytes)
  await attempt('download', async () => ({ downBytesPerSecond: rateOf(await client.download(bytes, limitMs)) }))
  await attempt('upload', async () => ({ upBytesPerSecond: rateOf(await client.upload(bytes, limitMs)) }))
  return found
}

async function connects({ client, limitMs, nowMs }: MeasureOptions): Promise<Partial<Measured>> {
  const { times } = await repeated(CONNECTS, () => client.connect(limitMs), { limitMs, nowMs })
  return { connectMs: quantile(times, 0.5) }
}

/** The first request opens the connection and says who the peer is; it is not counted. */
async function asks({ client, measures, limitMs, nowMs }: MeasureOptions): Promise<Partial<Measured>> {
  const identity = await client.ask(limitMs)
  if (!measures.has('http')) return { identity }
  const { times } = await repeated(ASKS, () => client.ask(limitMs), { limitMs, nowMs })
  return { identity, httpP50Ms: quantile(times, 0.5), httpP95Ms: quantile(times, 0.95) }
}

async function requests({ client, limitMs, nowMs }: MeasureOptions): Promise<Partial<Measured>> {
  const startMs = nowMs()
  const share = { limitMs: Math.min(REQUESTS_MS, limitMs), nowMs }
  const all = await Promise.all(Array.from({ length: PARALLEL }, () => repeated(MAX_REQUESTS / PARALLEL, () => client.ask(limitMs), share)))
  const asked = all.reduce((sum, { times }) => sum + times.length, 0)
  return { requestsPerSecond: (asked * 1000) / Math.max(nowMs() - startMs, 0.001) }
}

/** At least once, at most so often, as long as there is time. */
async function repeated(most: number, work: () => Promise<unknown>, { limitMs, nowMs }: Pick<MeasureOptions, 'limitMs' | 'nowMs'>) {
  const times: number[] = []
  const endMs = nowMs() + limitMs
  do {
    const startMs = nowMs()
    await work()
    times.push(nowMs() - startMs)
  } while (times.length < most && nowMs() < endMs)
  return { times }
}

function rateOf({ bytes, ms }: Carried): number {
  if (bytes === 0) throw new Error('nothing arrived')
  return Math.round((bytes * 1000) / Math.max(ms, 0.001))
}

/** The smallest that so large a part of them does not exceed. */
function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? 0
}

function sentenceOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.name === 'ZodError' || error instanceof SyntaxError) return 'the peer is no agent'
  return error.message || ('code' in error ? String(error.code) : error.name)
}
