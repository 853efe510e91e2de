/** The list with one entry in another place; a place that is none changes nothing. */
export function moved<T>(all: readonly T[], from: number, to: number): T[] {
  const one = all[from]
  return one === undefined || to < 0 || to >= all.length ? [...all] : all.toSpliced(from, 1).toSpliced(to, 0, one)
}
