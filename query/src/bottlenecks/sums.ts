import type { PathExemplar } from '@skein/store/path-text'
import { type BandRange, isIn } from './bands.ts'

/** Numbers of one thing on the path, added up over releases, still by latency band. */
export interface BandSums {
  traces: number
  count: number
  timeNs: number
  errors: number
  retries: number
  savingNs: number
}

export interface Grouped<Of> {
  key: string
  of: Of
  bands: Map<number, BandSums>
  exemplars: { band: number; exemplar: PathExemplar }[]
}

interface Row<Of> extends BandSums {
  of: Of
  band: number
  exemplar: PathExemplar | null
}

/** Rows of the same key together. */
export function groupRows<Of>(rows: readonly Row<Of>[], keyOf: (of: Of) => string): Grouped<Of>[] {
  const groups = new Map<string, Grouped<Of>>()
  for (const row of rows) {
    const key = keyOf(row.of)
    const group: Grouped<Of> = groups.get(key) ?? { key, of: row.of, bands: new Map(), exemplars: [] }
    groups.set(key, group)
    group.bands.set(row.band, plus(group.bands.get(row.band) ?? NOTHING, row))
    if (row.exemplar !== null) group.exemplars.push({ band: row.band, exemplar: row.exemplar })
  }
  return [...groups.values()]
}

export function sumIn(group: { bands: ReadonlyMap<number, BandSums> } | undefined, range: BandRange): BandSums {
  let sum = NOTHING
  for (const [band, sums] of group?.bands ?? []) if (isIn(band, range)) sum = plus(sum, sums)
  return sum
}

const NOTHING: BandSums = { traces: 0, count: 0, timeNs: 0, errors: 0, retries: 0, savingNs: 0 }

function plus(a: BandSums, b: BandSums): BandSums {
  return {
    traces: a.traces + b.traces,
    count: a.count + b.count,
    timeNs: a.timeNs + b.timeNs,
    errors: a.errors + b.errors,
    retries: a.retries + b.retries,
    savingNs: a.savingNs + b.savingNs,
  }
}

/** The slowest of the bands asked for, then the slowest of each other band, longest traces first; each trace once. */
export function exemplarsOf(group: Grouped<unknown>, range: BandRange, most: number) {
  const sorted = group.exemplars.toSorted((a, b) => Number(isIn(b.band, range)) - Number(isIn(a.band, range)) || b.exemplar.selfNs - a.exemplar.selfNs)
  const seen = new Set<string>()
  const shown = sorted.filter(({ band, exemplar }) => {
    const isNew = !seen.has(exemplar.traceId) && (isIn(band, range) || !seen.has(`band ${band}`))
    seen.add(exemplar.traceId).add(`band ${band}`)
    return isNew
  })
  return shown
    .slice(0, most)
    .sort((a, b) => b.exemplar.traceNs - a.exemplar.traceNs)
    .map(({ exemplar }) => ({
      traceId: exemplar.traceId,
      spanId: exemplar.spanId,
      durationMs: Math.round(exemplar.traceNs / 1000) / 1000,
      error: exemplar.error,
    }))
}
