import type { RuleLine } from './rule-line.ts'

/** A line of a minute of 2026, with what is given changed. */
export function lineOf(change: Partial<Omit<RuleLine, 'attributes' | 'resource'>> & { attributes?: Record<string, string | number | boolean> } = {}): RuleLine {
  const { attributes = {}, ...own } = change
  return {
    timeNs: 1_764_000_000_000_000_000n,
    logTimeMs: 1_764_000_000_500,
    severity: 9,
    severityText: 'INFO',
    service: 'gateway',
    environment: 'prod',
    cluster: 'bj-1',
    namespace: 'tv',
    scope: '',
    traceId: '',
    spanId: '',
    sampled: false,
    body: 'hello',
    bodyKind: 'text',
    attributes: new Map(Object.entries(attributes)),
    pattern: () => '',
    resource: (name) => (name === 'host.name' ? 'h1' : undefined),
    ...own,
  }
}
