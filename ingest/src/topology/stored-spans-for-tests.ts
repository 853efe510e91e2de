import { PROMPT_MS } from '../rows/late-columns.ts'
import { lookUpName, type StoredSpans, type TraceLookUp } from './look-up.ts'
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
      const found = rows.filter((span) => wants.some((want) => fits(span, want)))
      return {
        batch: batchOf(found.map((span) => ({ ...span, links: [] }))),
        arrivedByMs: found.map(arrivedByMs),
        weights: found.map(() => 0),
        asked: new Set(wants.map(({ tenant, traceId }) => lookUpName(tenant, traceId))),
      }
    },
  }
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
  return inTime && (span.trace ?? '1').padStart(32, '0') === want.traceId && (span.envelope?.tenant ?? 't') === want.tenant
}

/** Adds spans as ingest does, the store asked before; what becomes a row is then in the store. Returns 1 for each repeat. */
export function feedWithStore(topology: Topology, store: FakeSpanStore, spans: readonly TestSpan[], options: { emit: boolean }): number[] {
  const batch = batchOf(spans)
  const wants = topology.wants(batch)
  const repeats = topology.add(batch, { ...options, ...(wants.length === 0 ? {} : { stored: store.answer(wants) }) })
  if (options.emit) store.add(spans.filter((span, i) => repeats[i] === 0 && span.envelope?.linkedCopy !== true))
  return [...repeats]
}
