import type { FastifyInstance } from 'fastify'
import type { Gate } from './gate.ts'

/** Seconds; the last bucket is +Inf. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15]

interface RouteNumbers {
  byStatus: Map<number, number>
  /** Requests per bucket, not yet added up. */
  buckets: number[]
  seconds: number
}

export interface QueryMetrics {
  /** Counts every answer by the pattern of its route, never by its path. */
  install(app: FastifyInstance): void
  refused(reason: string): void
  text(): string
}

export function createQueryMetrics(gate: Pick<Gate, 'running' | 'queued'>): QueryMetrics {
  const routes = new Map<string, RouteNumbers>()
  const refusals = new Map<string, number>()
  return {
    install(app) {
      app.addHook('onResponse', async (request, reply) => {
        const route = request.is404 ? 'none' : (request.routeOptions.url ?? 'none')
        const numbers = routes.get(route) ?? { byStatus: new Map(), buckets: new Array<number>(BUCKETS.length + 1).fill(0), seconds: 0 }
        routes.set(route, numbers)
        count(numbers, reply.statusCode, reply.elapsedTime / 1000)
      })
    },
    refused: (reason) => void refusals.set(reason, (refusals.get(reason) ?? 0) + 1),
    text: () => [...requestLines(routes), ...durationLines(routes), ...refusalLines(refusals), ...gateLines(gate)].join('\n').concat('\n'),
  }
}

function count(numbers: RouteNumbers, status: number, seconds: number): void {
  numbers.byStatus.set(status, (numbers.byStatus.get(status) ?? 0) + 1)
  numbers.seconds += seconds
  const fits = BUCKETS.findIndex((limit) => seconds <= limit)
  const bucket = fits === -1 ? BUCKETS.length : fits
  numbers.buckets[bucket] = (numbers.buckets[bucket] ?? 0) + 1
}

function requestLines(routes: ReadonlyMap<string, RouteNumbers>): string[] {
  const samples = [...routes].flatMap(([route, { byStatus }]) =>
    [...byStatus].map(([status, requests]) => `skein_query_requests_total{route="${label(route)}",status="${status}"} ${requests}`),
  )
  return ['# HELP skein_query_requests_total HTTP requests answered.', '# TYPE skein_query_requests_total counter', ...samples]
}

function durationLines(routes: ReadonlyMap<string, RouteNumbers>): string[] {
  const name = 'skein_query_request_duration_seconds'
  const samples = [...routes].flatMap(([route, { buckets, seconds }]) => {
    let total = 0
    const lines = buckets.map((requests, i) => {
      total += requests
      return `${name}_bucket{route="${label(route)}",le="${BUCKETS[i] ?? '+Inf'}"} ${total}`
    })
    return [...lines, `${name}_sum{route="${label(route)}"} ${seconds}`, `${name}_count{route="${label(route)}"} ${total}`]
  })
  return [`# HELP ${name} Time from request to answer.`, `# TYPE ${name} histogram`, ...samples]
}

function refusalLines(refusals: ReadonlyMap<string, number>): string[] {
  const samples = [...refusals].map(([reason, requests]) => `skein_query_refused_total{reason="${label(reason)}"} ${requests}`)
  return ['# HELP skein_query_refused_total Questions refused by a limit.', '# TYPE skein_query_refused_total counter', ...samples]
}

function gateLines(gate: Pick<Gate, 'running' | 'queued'>): string[] {
  return [
    '# HELP skein_query_running Questions that the store is working on.',
    '# TYPE skein_query_running gauge',
    `skein_query_running ${gate.running()}`,
    '# HELP skein_query_queued Questions that wait for a place.',
    '# TYPE skein_query_queued gauge',
    `skein_query_queued ${gate.queued()}`,
  ]
}

function label(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
}
