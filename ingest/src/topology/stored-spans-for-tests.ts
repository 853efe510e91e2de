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
  return {
    asked,
    add: (spans) => void rows.push(...spans),
    answer(wants) {
      asked.push(...wants)
      const own = rows.filter((span) => wants.some((want) => isHome(rows, want) && fits(span, want)))
      const linkers = rows.filter((span) => wants.some((want) => want.links && isHome(rows, want) && linksTo(span, want)))
      const owners = new Set(linkers.map(traceOf))
      const isCopy = (span: TestSpan): boolean =>
        (span.links ?? []).length > 0 && (owners.has(traceOf(span)) || wants.some((want) => want.copies && !isHome(rows, want) && fits(span, want)))
      const copies = rows.filter(isCopy).map((span) => ({ ...span, envelope: { ...span.envelope, linkedCopy: true } }))
      const found = [...own, ...copies]
      return {
        batch: batchOf(found),
        arrivedByMs: found.map(arrivedByMs),
        weights: found.map(() => 0),
        asked: new Set(wants.map(wantName)),
        homes: new Set(wants.filter((want) => isHome(rows, want)).map(wantName)),
      }
    },
  }
}

function traceOf(span: TestSpan): string {
  return (span.trace ?? '1').padStart(32, '0')
}

function linksTo(span: TestSpan, { traceId, beforeMs }: TraceLookUp): boolean {
  return arrivedByMs(span) < beforeMs && (span.links ?? []).some(({ trace }) => trace.padStart(32, '0') === traceId)
}

/** Whether the partition that wants a trace is the one where it lives. Of one that has no rows nobody can tell, nor needs to. */
function isHome(rows: readonly TestSpan[], { partition, traceId }: TraceLookUp): boolean {
  const known = rows.find((span) => traceOf(span) === traceId)
  return known === undefined || (known.envelope?.partition ?? 0) === partition
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
  if (options.emit) store.add(spans.filter((span, i) => repeats[i] === 0 && span.envelope?.linkedCopy !== true))
  return [...repeats]
}
