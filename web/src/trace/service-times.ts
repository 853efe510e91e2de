import { selfTimes } from './self-time.ts'
import type { SpanRow } from './span-row.ts'

export interface ServiceTime {
  service: string
  spans: number
  errors: number
  selfNs: number
  /** Share of the self time of all services, 0 … 1. */
  share: number
  /** Colour of the service in this trace, a CSS value. */
  color: string
}

/** Categories 2 and 6 mean network and wait wherever time is drawn; no service takes them. */
const CATEGORIES = [1, 8, 4, 7, 3, 5, 10, 9] as const

/** Services of a trace, those that took most time first; colours go by first appearance, so that they do not move with the times. */
export function serviceTimes(rows: readonly SpanRow[]): ServiceTime[] {
  const self = selfTimes(rows)
  const services = new Map<string, ServiceTime>()
  rows.forEach((row, index) => {
    if (row.span === null) return
    const { service } = row.span
    const known = services.get(service) ?? {
      service,
      spans: 0,
      errors: 0,
      selfNs: 0,
      share: 0,
      color: `var(--cat-${CATEGORIES[services.size % CATEGORIES.length]})`,
    }
    known.spans++
    known.errors += row.span.status.code === 'error' ? 1 : 0
    known.selfNs += self[index] ?? 0
    services.set(service, known)
  })
  const all = [...services.values()]
  const total = all.reduce((sum, service) => sum + service.selfNs, 0)
  for (const service of all) service.share = total > 0 ? service.selfNs / total : 0
  return all.sort((a, b) => b.selfNs - a.selfNs || (a.service < b.service ? -1 : 1))
}
