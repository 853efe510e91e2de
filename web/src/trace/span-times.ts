/** Start after the trace's origin and length, both ns; 104 days are exact. */
export interface SpanTimes {
  startNs: number
  durationNs: number
}

/** Ns of a decimal string; null when it is unset or cannot be read. */
function parseNano(text: string): bigint | null {
  return /^\d{1,20}$/.test(text) && text !== '0' ? BigInt(text) : null
}

/**
 * Times of all spans against the earliest start. An end before its start (a clock that was set back) counts as 0 ns;
 * a span without a start stands at the origin.
 */
export function timesOf(spans: readonly { startTimeUnixNano: string; endTimeUnixNano: string }[]): { originUnixNano: bigint; times: SpanTimes[] } {
  const starts = spans.map((span) => parseNano(span.startTimeUnixNano))
  let origin: bigint | null = null
  for (const start of starts) if (start !== null && (origin === null || start < origin)) origin = start
  const originUnixNano = origin ?? 0n
  const times = spans.map((span, index) => {
    const start = starts[index] ?? originUnixNano
    const end = parseNano(span.endTimeUnixNano) ?? start
    return { startNs: Number(start - originUnixNano), durationNs: end > start ? Number(end - start) : 0 }
  })
  return { originUnixNano, times }
}
