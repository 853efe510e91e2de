import { SPAN_KINDS } from '@skein/schemas/otlp-wire'
import type { RouteDeps } from '../app-types.ts'

const HOUR_MS = 3_600_000
/** Services and operations of this long are offered. */
const OFFERED_MS = 24 * HOUR_MS
/** Names of spans are looked for in the spans themselves of this long; beyond that only those of calls are known. */
const SPAN_NAMES_MS = HOUR_MS
const MAX_OPERATIONS = 10_000

/** Sorted, each once. */
export async function readServiceNames(deps: RouteDeps, tenant: string): Promise<string[]> {
  const rows = await deps.store.services.services({ tenant, ...lately(deps, OFFERED_MS) })
  return [...new Set(rows.map(({ service }) => service))].sort()
}

/** Sorted, each name with each of its kinds once; '' is a kind that is not specified. */
export async function readOperations(deps: RouteDeps, tenant: string, service: string): Promise<{ name: string; spanKind: string }[]> {
  const [calls, spans] = await Promise.all([
    deps.store.services.operations({ tenant, ...lately(deps, OFFERED_MS) }, { service }, MAX_OPERATIONS),
    deps.store.traces.spanNames({ tenant, ...lately(deps, SPAN_NAMES_MS) }, service, MAX_OPERATIONS),
  ])
  const all = [...calls.map(({ operation, kind }) => ({ name: operation, kind })), ...spans].map(({ name, kind }) => ({ name, spanKind: kindName(kind) }))
  const once = new Map(all.map((operation) => [JSON.stringify([operation.name, operation.spanKind]), operation]))
  return [...once.values()].sort((a, b) => (a.name === b.name ? (a.spanKind < b.spanKind ? -1 : 1) : a.name < b.name ? -1 : 1))
}

function lately({ clock }: RouteDeps, backMs: number): { startMs: number; endMs: number } {
  const nowMs = clock()
  return { startMs: nowMs - backMs, endMs: nowMs }
}

function kindName(kind: number): string {
  const name = SPAN_KINDS[kind] ?? 'unspecified'
  return name === 'unspecified' ? '' : name
}
