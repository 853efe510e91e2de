import type { TraceAttributesAnswer, TraceFacetsAnswer } from '@skein/schemas/api/trace-attributes'
import type { AttributeValue } from '@skein/schemas/api/traces'
import type { ComparedPair, TraceAttributes } from '@skein/store/contract-comparison'

const MAX_FACET = 50
const MAX_OFFERED = 100
const VERSION = 'service.version'

/** Fingerprint → attributes. */
export type ResourceAttributes = ReadonlyMap<string, Readonly<Record<string, AttributeValue>>>

type Facets = Pick<TraceFacetsAnswer, 'services' | 'operations' | 'statuses' | 'versions'>

export function countFacets(found: TraceAttributes, resourceAttributes: ResourceAttributes): Facets {
  const facetOf = (of: ComparedPair['of']) =>
    found.pairs
      .filter((pair) => pair.of === of)
      .map(({ value, traces }) => ({ value: textOf(value), traces }))
      .sort(byTraces)
      .slice(0, MAX_FACET)
  const versions = [...(resourceValues(found, resourceAttributes).get(VERSION) ?? [])].map(([value, traces]) => ({ value, traces: traces.size }))
  return { services: facetOf('service'), operations: facetOf('operation'), statuses: facetOf('status'), versions: versions.sort(byTraces).slice(0, MAX_FACET) }
}

/** Keys of spans and of resources that begin with a prefix, whatever the case. */
export function offerKeys(found: TraceAttributes, resourceAttributes: ResourceAttributes, prefix: string): TraceAttributesAnswer['keys'] {
  const ofSpans = found.keys.map(({ key, traces }) => ({ key, scope: 'span' as const, traces }))
  const ofResources = [...resourceValues(found, resourceAttributes)].map(([key, values]) => ({
    key,
    scope: 'resource' as const,
    traces: new Set([...values.values()].flatMap((traces) => [...traces])).size,
  }))
  return [...ofSpans, ...ofResources]
    .filter(({ key }) => begins(key, prefix))
    .sort((a, b) => b.traces - a.traces || (a.key < b.key ? -1 : 1))
    .slice(0, MAX_OFFERED)
}

/** Values of one attribute that begin with a prefix, whatever the case. */
export function offerValues(
  found: TraceAttributes,
  resourceAttributes: ResourceAttributes,
  { key, prefix }: { key: string; prefix: string },
): TraceAttributesAnswer['values'] {
  const ofSpans = found.pairs
    .filter((pair) => pair.of === 'attribute' && pair.key === key)
    .map(({ value, traces }) => ({ value: textOf(value), scope: 'span' as const, traces }))
  const ofResources = [...(resourceValues(found, resourceAttributes).get(key) ?? [])].map(([value, traces]) => ({
    value,
    scope: 'resource' as const,
    traces: traces.size,
  }))
  return [...ofSpans, ...ofResources]
    .filter(({ value }) => begins(value, prefix))
    .sort(byTraces)
    .slice(0, MAX_OFFERED)
}

/** Key → value → traces in which a resource with it took part. */
function resourceValues({ resources }: TraceAttributes, attributesOf: ResourceAttributes): Map<string, Map<string, Set<string>>> {
  const keys = new Map<string, Map<string, Set<string>>>()
  for (const { fingerprint, traceIds } of resources) {
    for (const [key, value] of Object.entries(attributesOf.get(fingerprint) ?? {})) {
      const values = keys.get(key) ?? new Map<string, Set<string>>()
      keys.set(key, values)
      const text = textOf(value)
      const traces = values.get(text) ?? new Set<string>()
      values.set(text, traces)
      for (const traceId of traceIds) traces.add(traceId)
    }
  }
  return keys
}

function begins(text: string, prefix: string): boolean {
  return text.toLowerCase().startsWith(prefix.toLowerCase())
}

function byTraces(a: { value: string; traces: number }, b: { value: string; traces: number }): number {
  return b.traces - a.traces || (a.value < b.value ? -1 : 1)
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
