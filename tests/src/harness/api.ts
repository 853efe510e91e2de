import { type BottlenecksAnswer, bottlenecksAnswer } from '@skein/schemas/api/bottlenecks'
import { type TopologyAnswer, topologyAnswer } from '@skein/schemas/api/topology'
import { type TraceAnswer, traceAnswer, type TracesAnswer, tracesAnswer } from '@skein/schemas/api/traces'
import { type IntakeAnswer, intakeAnswer } from '@skein/schemas/api/intake'
import { type LogMetricAnswer, logMetricAnswer } from '@skein/schemas/api/log-metrics'
import { type LogsAnswer, logsAnswer } from '@skein/schemas/api/logs'
import type { z } from 'zod'

/** Longer than any question may take: an engine that hangs fails the assertion and not the test's time. */
const ANSWER_MS = 20_000

async function get<T>(base: string, path: string, schema: z.ZodType<T>): Promise<T> {
  const response = await fetch(`${base}${path}`, { signal: AbortSignal.timeout(ANSWER_MS) })
  const body: unknown = await response.json()
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${JSON.stringify(body)}`)
  return schema.parse(body)
}

/** The API of a running Skein, every answer checked against its schema. */
export function apiOf(base: string) {
  return {
    topology: (query = ''): Promise<TopologyAnswer> => get(base, `/api/topology${query}`, topologyAnswer),
    traces: (query = ''): Promise<TracesAnswer> => get(base, `/api/traces${query}`, tracesAnswer),
    trace: (id: string): Promise<TraceAnswer> => get(base, `/api/traces/${id}`, traceAnswer),
    bottlenecks: (query = ''): Promise<BottlenecksAnswer> => get(base, `/api/bottlenecks${query}`, bottlenecksAnswer),
    logs: (query = ''): Promise<LogsAnswer> => get(base, `/api/logs${query}`, logsAnswer),
    logMetric: (name: string, query = ''): Promise<LogMetricAnswer> => get(base, `/api/logs/metrics/${name}${query}`, logMetricAnswer),
    intake: (query = ''): Promise<IntakeAnswer> => get(base, `/api/intake${query}`, intakeAnswer),
  }
}

/** The map as a person would say it: `gateway -http-> account (paired 5)`, sorted. */
export function sayEdges(map: TopologyAnswer): string[] {
  const names = new Map(map.nodes.map((node) => [node.id, node.name]))
  return map.edges
    .map((edge) => {
      const evidence = Object.entries(edge.evidence).filter(([, count]) => count !== 0)
      return `${names.get(edge.source)} -${edge.kind}-> ${names.get(edge.target)} (${evidence.map(([kind, count]) => `${kind} ${count}`).join(', ')})`
    })
    .sort()
}
