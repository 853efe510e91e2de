import type { Query } from './client.ts'

/** Parameters that say whose numbers these are; the others say which part of them. */
const SUBJECT = ['environment', 'cluster', 'namespace', 'service'] as const

/** True when the answer to one question may be shown while the other is awaited: same path and subject, such as another window of it. */
export function mayStandIn(previous: readonly [path: string, query: Query], next: readonly [path: string, query: Query]): boolean {
  return previous[0] === next[0] && SUBJECT.every((key) => (previous[1][key] ?? '') === (next[1][key] ?? ''))
}
