import type { LogRow } from '../contract-logs.ts'
import type { LogResources } from './log-resources.ts'

export interface CountedField {
  field: string
  kind: 'attribute' | 'resource'
  lines: number
}

/** Attributes of lines and of their resources by how many lines have them, the most frequent first. */
export function countFields(rows: readonly LogRow[], resources: LogResources): CountedField[] {
  const own = new Map<string, number>()
  const ofResources = new Map<string, number>()
  for (const { attributes, resource } of rows) {
    for (const key of new Set(attributes.map(([name]) => name))) own.set(key, (own.get(key) ?? 0) + 1)
    for (const key of resources.get(resource)?.attributes.keys() ?? []) ofResources.set(key, (ofResources.get(key) ?? 0) + 1)
  }
  const counted = (counts: ReadonlyMap<string, number>, kind: CountedField['kind']): CountedField[] =>
    [...counts].map(([field, lines]) => ({ field, kind, lines }))
  return [...counted(own, 'attribute'), ...counted(ofResources, 'resource')].sort((a, b) => b.lines - a.lines || (a.field < b.field ? -1 : 1))
}
