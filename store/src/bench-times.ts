/** Wall time, and CPU of the whole process, background work of the engine included. */
export interface BenchTime {
  ms: number
  cpuMs: number
}

type CpuUsage = (before?: NodeJS.CpuUsage) => NodeJS.CpuUsage

export async function timeOf(ask: () => Promise<unknown>, cpuUsage: CpuUsage): Promise<BenchTime> {
  const startMs = performance.now()
  const before = cpuUsage()
  await ask()
  const { user, system } = cpuUsage(before)
  return { ms: performance.now() - startMs, cpuMs: (user + system) / 1000 }
}

/** Least, median and most of each, and what the median of `ms` should be at most. */
export function toldTimes(times: readonly BenchTime[], goalMs?: number): string {
  const of = (pick: (time: BenchTime) => number): string => {
    const sorted = times.map(pick).sort((a, b) => a - b)
    return `min ${sorted[0]?.toFixed(1)}  median ${sorted[sorted.length >> 1]?.toFixed(1)}  max ${sorted.at(-1)?.toFixed(1)} ms`
  }
  return `${of(({ ms }) => ms)}; CPU ${of(({ cpuMs }) => cpuMs)}${goalMs === undefined ? '' : `; goal ≤ ${goalMs} ms`}`
}
