import type { ReplayEvent, ReplayFrame, RunReplay } from '@skein/schemas/api/replay'
import type { ScenarioNote } from '@skein/schemas/api/scenarios'
import type { RunRow } from '@skein/store/contract-scenarios'
import type { SpanRow } from '@skein/store/contract-traces'
import type { Store } from '@skein/store/contract'
import { toMs } from '../milliseconds.ts'
import { longestOnPath } from '../otlp/longest-on-path.ts'
import { isoTime } from '../window.ts'
import { frameState, type FrameState } from './frame-state.ts'
import { type NamedCall, nameCalls } from './everyone.ts'
import { callsOfTrace, serviceNodesOf } from './trace-calls.ts'

export interface Lived {
  tenant: string
  key: string
  startMs: number
  endMs: number
  traceIds: readonly string[]
  /** Of a run: what it was judged, and its steps' names in the order of `run.steps`. */
  judged: { run: RunRow; steps: readonly string[]; slowNs: readonly (number | null)[] } | null
  notes: ScenarioNote[]
}

const MAX_SPANS = 30_000
const ERROR = 2

/** What a viewer lived, event by event, and the edges that lit up meanwhile. */
export async function replayRun(store: Store, lived: Lived): Promise<RunReplay> {
  const traces = await store.scenarios.spans(
    { tenant: lived.tenant, startMs: lived.startMs, endMs: lived.endMs },
    { traceIds: lived.traceIds, limit: MAX_SPANS },
  )
  const resources = await store.traces.resources(lived.tenant, [...new Set([...traces.values()].flatMap((spans) => spans.map((span) => span.resource)))])
  const services = serviceNodesOf(resources)
  const calls = [...traces].flatMap(([traceId, spans]) => callsOfTrace(traceId, spans, services))
  const named = await nameCalls(store, lived.tenant, calls)
  const moments = momentsOf(traces, lived.judged)
  const startNs = lived.judged === null ? (moments[0]?.startNs ?? BigInt(lived.startMs) * 1_000_000n) : BigInt(lived.judged.run.startNs)
  const frames = framesOf(named.calls, { moments, startNs, culprits: culpritsOf(traces, lived.judged) })
  const events = moments.map((moment, at) => eventOf(moment, { at, startNs, frames }))
  const endMs = Math.max(0, ...events.map((event) => event.offsetMs + event.durationMs), ...frames.map((frame) => frame.offsetMs + frame.latencyMs))
  return {
    mode: 'run',
    key: lived.key,
    start: isoTime(Number(startNs / 1_000_000n)),
    durationMs: endMs,
    outcome: lived.judged?.run.outcome ?? null,
    nodes: named.nodes,
    edges: named.edges,
    events,
    frames,
    notes: lived.notes,
  }
}

/** An event before it is told. */
interface Moment {
  step: string | null
  traceId: string
  span: SpanRow
  startNs: bigint
}

/** Of each trace the records that are steps, or else its root. */
function momentsOf(traces: ReadonlyMap<string, readonly SpanRow[]>, judged: Lived['judged']): Moment[] {
  const stepOf = new Map(
    (judged?.run.steps ?? []).flatMap(({ reached, erred }, at) =>
      [reached, erred].flatMap((match) => (match === null ? [] : [[match.traceId + match.spanId, judged?.steps[at] ?? ''] as const])),
    ),
  )
  const moments = [...traces].flatMap(([traceId, spans]) => {
    const steps = spans.flatMap((span): Moment[] => {
      const step = stepOf.get(traceId + span.spanId)
      return step === undefined ? [] : [{ step, traceId, span, startNs: BigInt(span.startNs) }]
    })
    const root = spans.find((span) => span.parentSpanId === '') ?? spans[0]
    return steps.length > 0 || root === undefined ? steps : [{ step: null, traceId, span: root, startNs: BigInt(root.startNs) }]
  })
  return moments.sort((a, b) => (a.startNs === b.startNs ? 0 : a.startNs < b.startNs ? -1 : 1))
}

/** Of each step that was slow, the span that took most of its trace's critical path: slow even when it was so for everybody in that minute. */
function culpritsOf(traces: ReadonlyMap<string, readonly SpanRow[]>, judged: Lived['judged']): ReadonlySet<string> {
  const slow = (judged?.run.steps ?? []).flatMap(({ reached }, at) => {
    const limit = judged?.slowNs[at] ?? null
    return reached !== null && limit !== null && reached.durationNs > limit ? [reached.traceId] : []
  })
  return new Set(slow.map((traceId) => traceId + (longestOnPath(traces.get(traceId) ?? [])?.span.spanId ?? '')))
}

interface Framing {
  moments: readonly Moment[]
  startNs: bigint
  /** Trace id and span id together. */
  culprits: ReadonlySet<string>
}

function framesOf(calls: readonly NamedCall[], { moments, startNs, culprits }: Framing): ReplayFrame[] {
  const frames = calls.flatMap((call): (ReplayFrame & { order: bigint })[] => {
    const own = moments.flatMap((moment, at) => (moment.traceId === call.traceId ? [{ at, startNs: moment.startNs }] : []))
    const event = own.findLast((moment) => moment.startNs <= call.startNs) ?? own[0]
    if (event === undefined) return []
    const latencyMs = toMs(call.durationNs)
    const state = frameState({ error: call.error, latencyMs, p50Ms: call.everyone.p50Ms })
    const culprit = culprits.has(call.traceId + call.spanId) || culprits.has(call.traceId + call.calleeSpanId)
    return [
      {
        event: event.at,
        offsetMs: toMs(Number(call.startNs - startNs)),
        edge: call.edge,
        operation: call.operation,
        latencyMs,
        cohortP50Ms: call.everyone.p50Ms,
        state: culprit && state === 'ok' ? 'slow' : state,
        traceId: call.traceId,
        spanId: call.spanId,
        order: call.startNs,
      },
    ]
  })
  frames.sort((a, b) => a.event - b.event || (a.order === b.order ? b.latencyMs - a.latencyMs : a.order < b.order ? -1 : 1))
  return frames.map(({ order: _order, ...frame }) => frame)
}

function eventOf({ step, traceId, span, startNs: at }: Moment, context: { at: number; startNs: bigint; frames: readonly ReplayFrame[] }): ReplayEvent {
  const own = context.frames.filter((frame) => frame.event === context.at)
  const first = context.frames.findIndex((frame) => frame.event === context.at)
  const status: FrameState = span.status === ERROR ? 'error' : own.some((frame) => frame.state !== 'ok') ? 'slow' : 'ok'
  return {
    kind: step === null ? 'request' : 'step',
    name: span.name,
    service: span.service,
    step,
    offsetMs: toMs(Number(at - context.startNs)),
    durationMs: toMs(Number(span.durationNs)),
    traceId,
    spanId: span.spanId,
    status,
    frame: first < 0 ? null : first,
  }
}
