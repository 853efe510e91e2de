import type { LogLine } from '@skein/schemas/api/logs'

/** Sizes kept beyond those of the lines there are, so that those gone are looked for only now and then. */
const SPARE = 1000

/** Forgets the sizes of rows whose lines have left: a list that is followed for days draws millions. */
export function forgetGone(sizes: Map<unknown, number>, lines: readonly Pick<LogLine, 'id'>[]): void {
  if (sizes.size <= lines.length + SPARE) return
  const there = new Set<unknown>(lines.map(({ id }) => id))
  for (const key of sizes.keys()) if (!there.has(key)) sizes.delete(key)
}
