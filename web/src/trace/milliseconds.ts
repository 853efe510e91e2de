const FACTORS_MS: Readonly<Record<string, number>> = { ns: 1e-6, us: 0.001, µs: 0.001, ms: 1, s: 1000, min: 60_000, m: 60_000, h: 3_600_000 }

/** Milliseconds of what a person types: `250`, `250ms`, `1.5 s`, `2min`; null for nothing or nonsense. */
export function milliseconds(text: string): number | null {
  const match = /^(\d{1,9}(?:\.\d{1,6})?)\s*(ns|us|µs|ms|s|min|m|h)?$/i.exec(text.trim())
  if (match === null) return null
  return Number(match[1]) * (FACTORS_MS[(match[2] ?? 'ms').toLowerCase()] ?? 1)
}
