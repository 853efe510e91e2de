import { PROMPT_MS } from '../rows/late-columns.ts'
import { type StoredSpans, type TraceLookUp, wantName } from './look-up.ts'
import { batchOf, START_MS, type TestSpan } from './spans-for-tests.ts'
import type { Topology } from './topology.ts'

/** A store that has what was added, as the late look-up sees it. */
export interface FakeSpanStore {
  asked: TraceLookUp[]
  answer(wants: readonly TraceLookUp[]): StoredSpans
  add(spans: readonly TestSpan[]): void
}

export function createFakeSpanStore(): FakeSpanStore {
  const rows: TestSpan[] = []
  const asked: TraceLookUp[] = []
  const copied = new Set<string>()
  return {
    asked,
    add(spans) {
      for (const span of spans)
        if (span.envelope?.linkedCopy === true) copied.add(copyName(span, span.envelope.partition ?? 0))
        else rows.push(span)
    },
    answer(wants) {
      asked.push(...wants)
      const own = rows.filter((span) => wants.some((want) => isHome(rows, want) && fits(span, want)))
      const copies = wants.flatMap((want) =>
        copiesFor(rows, want)
          .filter((span) => partitionOf(span) === want.partition || copied.has(copyName(span, want.partition)))
          .map((span) => ({ ...span, envelope: { ...span.envelope, partition: want.partition, linkedCopy: true } })),
      )
      const targets = wants.flatMap((want) => targetsFor(rows, want, [...own, ...copies]))
      const found = [...own, ...copies, ...targets.flatMap((target) => rows.filter((span) => fits(span, target)))]
      return {
        batch: batchOf(found),
        arrivedByMs: found.map(arrivedByMs),
        weights: found.map(() => 0),
        asked: new Set(wants.map(wantName)),
        homes: new Set([...wants.filter((want) => isHome(rows, want)), ...targets].map(wantName)),
        cut: new Set(),
      }
    },
  }
}

function partitionOf({ envelope }: TestSpan): number {
  return envelope?.partition ?? 0
}

/** What a partition's log says when it has a copy of a span. */
function copyName(span: TestSpan, partition: number): string {
  return `${partition} ${traceOf(span)} ${span.id}`
}

/** Spans of the trace of a marked copy, or of the traces that link to a trace. */
function copiesFor(rows: readonly TestSpan[], want: TraceLookUp): TestSpan[] {
  const home = isHome(rows, want)
  const owners = new Set(rows.filter((span) => home && want.links && linksTo(span, want)).map(traceOf))
  return rows.filter((span) => (span.links ?? []).length > 0 && (owners.has(traceOf(span)) || (!home && want.copies && fits(span, want))))
}

function targetsFor(rows: readonly TestSpan[], want: TraceLookUp, found: readonly TestSpan[]): TraceLookUp[] {
  if (want.targetsBackMs === 0) return []
  return found
    .filter((span) => traceOf(span) === want.traceId)
    .flatMap((span) =>
      (span.links ?? []).map(({ trace }) => ({
        ...want,
        traceId: trace.padStart(32, '0'),
        fromMs: startOf(span) - want.targetsBackMs,
        toMs: startOf(span) + HOUR_MS,
      })),
    )
    .filter((target) => target.traceId !== want.traceId && isHome(rows, target))
}

const HOUR_MS = 3_600_000

function traceOf(span: TestSpan): string {
  return (span.trace ?? '1').padStart(32, '0')
}

function linksTo(span: TestSpan, { traceId, beforeMs }: TraceLookUp): boolean {
  return arrivedByMs(span) < beforeMs && (span.links ?? []).some(({ trace }) => trace.padStart(32, '0') === traceId)
}

/** Whether the partition that wants a trace is the one where it lives. Of one that has no rows nobody can tell, nor needs to. */
function isHome(rows: readonly TestSpan[], { partition, traceId }: Pick<TraceLookUp, 'partition' | 'traceId'>): boolean {
  const known = rows.find((span) => traceOf(span) === traceId)
  return known === undefined || partitionOf(known) === partition
}

function startOf(span: TestSpan): number {
  return Math.floor(span.startMs ?? START_MS)
}

function arrivedByMs(span: TestSpan): number {
  const lateMs = (span.envelope?.logTimeMs ?? START_MS) - startOf(span)
  return startOf(span) + (lateMs > PROMPT_MS ? Math.ceil(lateMs / 1000) * 1000 : PROMPT_MS)
}

function fits(span: TestSpan, want: TraceLookUp): boolean {
  const inTime = startOf(span) >= want.fromMs && startOf(span) <= want.toMs && arrivedByMs(span) < want.beforeMs
  return inTime && traceOf(span) === want.traceId && (span.envelope?.tenant ?? 't') === want.tenant
}

/** Adds spans as ingest does, the store asked before; what becomes a row is then in the store. Returns 1 for each repeat. */
export function feedWithStore(topology: Topology, store: FakeSpanStore, spans: readonly TestSpan[], options: { emit: boolean }): number[] {
  const batch = batchOf(spans)
  const wants = topology.wants(batch)
  const repeats = topology.add(batch, { ...options, ...(wants.length === 0 ? {} : { stored: store.answer(wants) }) })
  if (options.emit) store.add(spans.filter((_, i) => repeats[i] === 0))
  return [...repeats]
}
