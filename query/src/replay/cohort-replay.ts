import type { CohortReplay } from '@skein/schemas/api/replay'
import type { RunRow } from '@skein/store/contract-scenarios'
import type { Store } from '@skein/store/contract'
import { toMs } from '../milliseconds.ts'
import { describeRuns } from '../scenarios/cohorts.ts'
import type { Asked } from '../scenarios/question.ts'
import { isoTime, windowAnswerOf } from '../window.ts'
import { frameState } from './frame-state.ts'
import { minuteOf, type NamedCall, nameCalls } from './everyone.ts'
import { callsOfTrace, serviceNodesOf } from './trace-calls.ts'

const MAX_TRACES = 300
const MAX_SPANS = 40_000

/** Minute by minute what calls of a group's runs took, beside everybody's. */
export async function replayCohort(
  store: Store,
  asked: Asked,
  { runs, cohort }: { runs: readonly RunRow[]; cohort: { key: string; value: string } },
): Promise<CohortReplay> {
  const facet = JSON.stringify([cohort.key, cohort.value])
  const inside = (await describeRuns(store, asked, runs)).filter(({ facets }) => facets.has(facet)).map(({ run }) => run)
  const matches = inside.flatMap((run) => run.steps.flatMap(({ reached, erred }) => [reached, erred].filter((match) => match !== null)))
  const traceIds = [...new Set(matches.map(({ traceId }) => traceId))]
  const traces = await store.scenarios.spans(asked, { traceIds: traceIds.slice(0, MAX_TRACES), limit: MAX_SPANS })
  const resources = await store.traces.resources(asked.tenant, [...new Set([...traces.values()].flatMap((spans) => spans.map((span) => span.resource)))])
  const services = serviceNodesOf(resources)
  const named = await nameCalls(
    store,
    asked.tenant,
    [...traces].flatMap(([traceId, spans]) => callsOfTrace(traceId, spans, services)),
  )
  const byMinute = Map.groupBy(named.calls, minuteOf)
  return {
    mode: 'cohort',
    cohort,
    window: windowAnswerOf(asked),
    nodes: named.nodes,
    edges: named.edges,
    frames: [...byMinute].sort(([a], [b]) => a - b).map(([minuteMs, calls]) => frameOf(minuteMs, calls)),
    notes: [
      {
        code: 'sampled_runs',
        message: `${inside.length} of the newest ${runs.length} runs are of this group; ${traces.size} of their ${traceIds.length} traces were read`,
        count: inside.length,
      },
    ],
  }
}

function frameOf(minuteMs: number, calls: readonly NamedCall[]): CohortReplay['frames'][number] {
  const byEdge = Map.groupBy(calls, (call) => call.edge)
  return {
    time: isoTime(minuteMs),
    traces: new Set(calls.map((call) => call.traceId)).size,
    edges: [...byEdge].map(([edge, all]) => {
      const sorted = all.map((call) => call.durationNs).sort((a, b) => a - b)
      const p50Ms = toMs(sorted[Math.floor((sorted.length - 1) / 2)] ?? 0)
      const errors = all.filter((call) => call.error).length
      const everyone = all[0]?.everyone ?? { p50Ms: null, calls: 0 }
      return {
        edge,
        calls: all.length,
        errors,
        p50Ms,
        everyoneP50Ms: everyone.p50Ms,
        everyoneCalls: everyone.calls,
        state: frameState({ error: errors * 2 > all.length, latencyMs: p50Ms, p50Ms: everyone.p50Ms }),
      }
    }),
  }
}
