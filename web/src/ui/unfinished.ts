/**
 * Counts with the steps that are not over yet as gaps: a minute of which ten seconds have passed would look like a fall. Times and now in
 * Unix ms; a step ends where the next begins.
 */
export function withoutUnfinished(times: readonly number[], counts: readonly number[], nowMs: number): (number | null)[] {
  const stepMs = times.length > 1 ? (times[1] ?? 0) - (times[0] ?? 0) : 60_000
  return counts.map((count, index) => ((times[index] ?? 0) + stepMs > nowMs ? null : count))
}

/** The last step that any of the lines has a value for. */
export function lastKnown(lines: readonly (readonly (number | null)[])[]): number {
  return Math.max(0, ...lines.map((values) => values.findLastIndex((value) => value !== null)))
}
