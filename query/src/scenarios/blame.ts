import type { BlamedNode, RunOutcome, ScenarioNote } from '@skein/schemas/api/scenarios'
import { SpanKindNumber, StatusCode } from '@skein/schemas/otlp-wire'
import type { RunRow, ScenarioQuestions } from '@skein/store/contract-scenarios'
import type { SpanRow } from '@skein/store/contract-traces'
import { toMs } from '../milliseconds.ts'
import { longestOnPath, type TimeOnPath, timesOnPath } from '../otlp/longest-on-path.ts'
import { peerOf, roleOf } from '../replay/peer.ts'
import type { Asked } from './question.ts'

/** Runs of each bad outcome whose traces are read. */
const RUNS = 12
const MAX_SPANS = 20_000
const MAX_BLAMED = 12
const EXEMPLARS = 3

interface BadRun {
  run: RunRow
  traceId: string
}

/** Who is to blame for failed and slow runs: where the error came from, or where the slow step's trace spent most of its time. */
export async function blamedOf(
  scenarios: Pick<ScenarioQuestions, 'spans'>,
  asked: Asked,
  sample: readonly RunRow[],
): Promise<{ blamed: BlamedNode[]; notes: ScenarioNote[] }> {
  const runs = (['failed', 'slow'] as const).flatMap((outcome) => sample.filter((run) => run.outcome === outcome).slice(0, RUNS))
  const bad = runs.flatMap((run): BadRun[] => {
    const traceId = badTraceOf(run)
    return traceId === null ? [] : [{ run, traceId }]
  })
  if (bad.length === 0) return { blamed: [], notes: [] }
  const traces = await scenarios.spans(asked, { traceIds: [...new Set(bad.map(({ traceId }) => traceId))], limit: MAX_SPANS })
  const blamed = new Map<string, BlamedNode>()
  let looked = 0
  for (const { run, traceId } of bad) {
    const culprit = culpritOf(traces.get(traceId) ?? [], run.outcome)
    if (culprit === null) continue
    looked++
    blame(blamed, culprit, { run, traceId })
  }
  const note: ScenarioNote = { code: 'sampled_runs', message: `Blamed nodes are of the newest ${looked} failed and slow runs`, count: looked }
  const ranked = [...blamed.values()].sort((a, b) => b.failedRuns + b.slowRuns - a.failedRuns - a.slowRuns || b.selfMs - a.selfMs)
  return { blamed: ranked.slice(0, MAX_BLAMED), notes: [note] }
}

/** The trace of the step that failed last, or of the longest step. */
export function badTraceOf(run: RunRow): string | null {
  if (run.outcome === 'failed') return run.steps.findLast(({ reached, erred }) => reached === null && erred !== null)?.erred?.traceId ?? null
  const reached = run.steps.flatMap((step) => (step.reached === null ? [] : [step.reached]))
  return reached.reduce((longest, step) => (step.durationNs > longest.durationNs ? step : longest), reached[0] ?? { durationNs: 0, traceId: null }).traceId
}

export type Culprit = Pick<BlamedNode, 'node' | 'operation' | 'part' | 'edge' | 'selfMs'>

export function culpritOf(spans: readonly SpanRow[], outcome: RunOutcome): Culprit | null {
  const time = outcome === 'failed' ? errorTime(spans) : longestOnPath(spans)
  if (time === null) return null
  const place = time.of === 'queue' ? queueOf(spans, time.span) : placeOf(spans, time.span)
  return { ...place, operation: time.span.name, selfMs: toMs(time.selfNs) }
}

function errorTime(spans: readonly SpanRow[]): TimeOnPath | null {
  const span = errorOrigin(spans)
  if (span === null) return null
  return timesOnPath(spans).find((time) => time.of === 'span' && time.span === span) ?? { span, of: 'span', selfNs: 0 }
}

/** The deepest error: a span that erred with no child that did, the last of them. */
function errorOrigin(spans: readonly SpanRow[]): SpanRow | null {
  const erred = spans.filter((span) => span.status === StatusCode.error)
  const parents = new Set(erred.map((span) => span.parentSpanId))
  return erred.findLast((span) => !parents.has(span.spanId)) ?? erred.at(-1) ?? null
}

type Place = Pick<Culprit, 'node' | 'part' | 'edge'>

/** A call that nobody answered for is time of its peer; one that was is time between both. */
function placeOf(spans: readonly SpanRow[], span: SpanRow): Place {
  const own = serviceOf(span)
  if (span.kind !== SpanKindNumber.client) return { node: own, part: 'service', edge: null }
  const answers = spans.find((each) => each.parentSpanId === span.spanId && (each.kind === SpanKindNumber.server || each.kind === SpanKindNumber.consumer))
  if (answers !== undefined) return { node: serviceOf(answers), part: 'network', edge: { source: own, target: serviceOf(answers) } }
  const peer = peerOf(span, '')
  if (peer === null) return { node: own, part: 'clientWait', edge: null }
  const node = { kind: peer.kind, name: peer.name }
  const ends = roleOf(span) === 'consumer' ? { source: node, target: own } : { source: own, target: node }
  return { node, part: 'clientWait', edge: ends }
}

/** The topic that either side names, on its way to the consumer. */
function queueOf(spans: readonly SpanRow[], consumer: SpanRow): Place {
  const producer = spans.find(({ spanId }) => spanId === consumer.parentSpanId)
  const topic = peerOf(consumer, '') ?? (producer === undefined ? null : peerOf(producer, ''))
  const own = serviceOf(consumer)
  if (topic === null) return { node: own, part: 'queueWait', edge: null }
  const node = { kind: topic.kind, name: topic.name }
  return { node, part: 'queueWait', edge: { source: node, target: own } }
}

function serviceOf({ service }: SpanRow): BlamedNode['node'] {
  return { kind: 'service', name: service }
}

function blame(blamed: Map<string, BlamedNode>, culprit: Culprit, { run, traceId }: BadRun): void {
  const key = JSON.stringify([culprit.node, culprit.operation, culprit.part, culprit.edge])
  const entry = blamed.get(key) ?? { ...culprit, selfMs: 0, failedRuns: 0, slowRuns: 0, exemplars: [] }
  blamed.set(key, entry)
  entry.selfMs = toMs((entry.selfMs + culprit.selfMs) * 1e6)
  if (run.outcome === 'failed') entry.failedRuns++
  else entry.slowRuns++
  if (entry.exemplars.length < EXEMPLARS) entry.exemplars.push({ run: `${run.startNs}-${run.key}`, traceId, outcome: run.outcome })
}
