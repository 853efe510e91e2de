import type { BottlenecksAnswer } from '@skein/schemas/api/bottlenecks'

interface ReleasePair {
  release: string
  version: string
  baseVersion: string
}

/** Of each service with several releases, each of them as what the one that most traces met is compared with. */
export function releasePairs(versions: BottlenecksAnswer['versions']): ReleasePair[] {
  const services = [...new Set(versions.map(({ service }) => service))]
  return services.flatMap((service) => {
    const own = versions.filter((each) => each.service === service).toSorted((a, b) => b.version.localeCompare(a.version, undefined, { numeric: true }))
    const newest = own[0]
    return newest === undefined ? [] : own.slice(1).map((older) => ({ release: service, version: newest.version, baseVersion: older.version }))
  })
}
