import type { DryRunAnswer } from '@skein/schemas/api/log-rules'
import type { RuleLine } from '@skein/schemas/rules/rule-line'

type Answer = Pick<DryRunAnswer, 'matched' | 'dropped' | 'changed' | 'services'>
interface Counted {
  lines: number
  bytes: number
}
type Kind = 'total' | 'matched' | 'dropped' | 'changed'
type Service = Record<Kind, Counted>

/** Lines and bytes of bodies, together and by service. */
export interface Sums {
  add(line: RuleLine, judged: { matched: boolean; outcome: 'kept' | 'changed' | 'dropped' }): void
  /** Each count times a factor. */
  answer(times: number): Answer
}

const MOST_SERVICES = 100

export function createSums(): Sums {
  const services = new Map<string, Service>()
  const all = empty()
  return {
    add(line, { matched, outcome }) {
      const service = services.get(line.service) ?? empty()
      services.set(line.service, service)
      const bytes = Buffer.byteLength(line.body)
      const kinds: Kind[] = ['total', ...(matched ? (['matched'] as const) : []), ...(outcome === 'kept' ? [] : [outcome])]
      for (const kind of kinds) {
        for (const sums of [service, all]) {
          sums[kind].lines++
          sums[kind].bytes += bytes
        }
      }
    },
    answer(times) {
      const scaled = ({ lines, bytes }: Counted): Counted => ({ lines: Math.round(lines * times), bytes: Math.round(bytes * times) })
      return {
        matched: scaled(all.matched),
        dropped: scaled(all.dropped),
        changed: scaled(all.changed),
        services: [...services]
          .toSorted(([, a], [, b]) => b.dropped.bytes - a.dropped.bytes || b.matched.bytes - a.matched.bytes || b.total.bytes - a.total.bytes)
          .slice(0, MOST_SERVICES)
          .map(([service, sums]) => ({
            service,
            total: scaled(sums.total),
            matched: scaled(sums.matched),
            dropped: scaled(sums.dropped),
            changed: scaled(sums.changed),
          })),
      }
    },
  }
}

function empty(): Service {
  const none = (): Counted => ({ lines: 0, bytes: 0 })
  return { total: none(), matched: none(), dropped: none(), changed: none() }
}
