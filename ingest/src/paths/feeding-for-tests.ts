import { batchOf, START_MS, type TestSpan } from '../topology/spans-for-tests.ts'
import type { Paths } from './paths.ts'

export const INTERNAL = 1
export const SERVER = 2
export const CLIENT = 3
export const PRODUCER = 4
export const CONSUMER = 5

export const OPTIONS = { maxSpansPerPartition: 100_000 }
/** A span of a service: `service operation`, and when it ran in ms. */
export function span(id: string, parent: string | undefined, of: { kind: number; at: [number, number]; of: string } & Partial<TestSpan>): TestSpan {
  const [service = '', ...operation] = of.of.split(' ')
  const [start, end] = of.at
  const { kind, at: _, of: __, ...more } = of
  return {
    trace: '77',
    id,
    ...(parent === undefined ? {} : { parent }),
    kind,
    name: operation.join(' '),
    startMs: START_MS + start,
    durationMs: end - start,
    resource: { service, version: '1' },
    ...more,
  }
}

export function arriving(spans: readonly TestSpan[], logTimeMs: number, partition = 0): TestSpan[] {
  return spans.map((each) => ({ ...each, envelope: { logTimeMs, partition } }))
}

export function add(paths: Paths, spans: readonly TestSpan[], emit = true): void {
  const batch = batchOf(spans)
  paths.add(batch, new Uint8Array(batch.length), { emit })
}

/** Brings log time to silent partitions, as a heartbeat does. */
export function pass(paths: Paths, logTimeMs: number, partition = 0, emit = true): void {
  const batch = batchOf([{ id: 'ff', trace: 'ff', envelope: { logTimeMs, partition } }])
  paths.add(batch, Uint8Array.of(1), { emit })
}
