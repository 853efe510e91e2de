import { ProblemError } from './problem-error.ts'

export interface GateLimits {
  perTenant: number
  /** Questions waiting in all tenants together. */
  queued: number
  timeoutMs: number
}

export interface Gate {
  /** Runs a question when the tenant has a place, unless who asked has `gone`. Throws a `ProblemError`: too_many_queries, query_timeout. */
  run<T>(tenant: string, question: () => Promise<T>, gone?: AbortSignal): Promise<T>
  running(): number
  queued(): number
}

interface Lane {
  running: number
  waiting: (() => void)[]
}

/**
 * Bounds what the store is asked at once. A question that is over its time is answered at once but keeps its place until the
 * store lets go of it, so that a slow store is never asked more than the limit.
 */
export function createGate(limits: GateLimits): Gate {
  const lanes = new Map<string, Lane>()
  let queued = 0
  let running = 0

  /** A place that becomes free goes to the longest waiting question of the tenant, or away. */
  function leave(tenant: string, lane: Lane): void {
    const next = lane.waiting.shift()
    if (next !== undefined) return next()
    running -= 1
    lane.running -= 1
    if (lane.running === 0) lanes.delete(tenant)
  }

  async function enter(lane: Lane, signal: AbortSignal): Promise<void> {
    if (lane.running >= limits.perTenant) return wait(lane, signal)
    lane.running += 1
    running += 1
  }

  async function wait(lane: Lane, signal: AbortSignal): Promise<void> {
    if (queued >= limits.queued) throw queueFullProblem(limits.perTenant, queued)
    queued += 1
    try {
      await new Promise<void>((resolve, reject) => {
        const admit = () => {
          signal.removeEventListener('abort', expire)
          resolve()
        }
        const expire = () => {
          lane.waiting.splice(lane.waiting.indexOf(admit), 1)
          reject(signal.reason)
        }
        signal.addEventListener('abort', expire, { once: true })
        lane.waiting.push(admit)
      })
    } finally {
      queued -= 1
    }
  }

  return {
    async run(tenant, question, gone) {
      const lane = lanes.get(tenant) ?? { running: 0, waiting: [] }
      lanes.set(tenant, lane)
      const deadline = new AbortController()
      const timer = setTimeout(() => deadline.abort(timeoutProblem(limits.timeoutMs)), limits.timeoutMs)
      const signal = gone === undefined ? deadline.signal : AbortSignal.any([deadline.signal, gone])
      try {
        await enter(lane, signal)
        const answer = settle(question).finally(() => leave(tenant, lane))
        return await Promise.race([answer, aborted(signal)])
      } finally {
        clearTimeout(timer)
      }
    },
    running: () => running,
    queued: () => queued,
  }
}

/** A question that throws before it is a promise is a rejected one, so that its place is always given back. */
async function settle<T>(question: () => Promise<T>): Promise<T> {
  return question()
}

function queueFullProblem(running: number, waiting: number): ProblemError {
  return new ProblemError('too_many_queries', {
    detail: `${running} questions are being answered and ${waiting} wait.`,
    limit: 'query_queued',
    hint: 'Wait a second and ask again.',
    retryAfterSeconds: 1,
  })
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason)
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}

function timeoutProblem(timeoutMs: number): ProblemError {
  return new ProblemError('query_timeout', {
    detail: `No answer within ${timeoutMs / 1000} s.`,
    limit: 'query_ui_seconds',
    hint: 'Ask for a shorter window or narrow it by service.',
  })
}
