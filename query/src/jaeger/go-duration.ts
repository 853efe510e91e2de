const UNIT_NS: Readonly<Record<string, number>> = { ns: 1, us: 1e3, µs: 1e3, μs: 1e3, ms: 1e6, s: 1e9, m: 60e9, h: 3600e9 }
const PART = /(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)/gy

/** A duration of Go's grammar (`1h15m30.918s`, `300ms`, `-1.5h`, `0`) in ns; null when it is none. */
export function parseGoDuration(text: string): number | null {
  const [, sign, body = ''] = /^([+-]?)(.*)$/.exec(text) ?? []
  if (body === '0') return 0
  let durationNs = 0
  let end = 0
  for (const [part, number, unit = ''] of body.matchAll(PART)) {
    durationNs += Number(number) * (UNIT_NS[unit] ?? Number.NaN)
    end += part.length
  }
  if (end === 0 || end !== body.length || !Number.isFinite(durationNs)) return null
  return Math.round(sign === '-' ? -durationNs : durationNs)
}
