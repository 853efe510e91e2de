/** A part of a window, and what its rows were when it was read. */
export interface SignedPart<Part> {
  readonly from: number
  readonly signature: string
  readonly part: Part
}

/** The sum of those parts of a window that stayed the same from one asking to the next. */
export interface KeptSum<Part> {
  /** Of all parts at the last asking, by their start. */
  readonly signatures: ReadonlyMap<number, string>
  /** Starts of the parts in `sum`. */
  readonly members: ReadonlySet<number>
  readonly sum: Part | undefined
}

/** So many parts more are added each time rather than the sum made anew. */
const FEW = 1

/**
 * Adds parts up. Spans come in for the newest minutes while a map is open, so what did not change twice running is kept as one sum, and
 * the next time only what changed is added to it.
 */
export function addKept<Part>(
  add: (parts: readonly Part[]) => Part,
  parts: readonly SignedPart<Part>[],
  before: KeptSum<Part> | undefined,
): { total: Part; kept: KeptSum<Part> } {
  const signatures = new Map(parts.map(({ from, signature }) => [from, signature]))
  const same = (from: number): boolean => signatures.has(from) && before?.signatures.get(from) === signatures.get(from)
  const unchanged = new Set([...signatures.keys()].filter(same))
  const holds = before?.sum !== undefined && [...before.members].every(same) && unchanged.size - before.members.size <= FEW
  const members = holds ? before.members : unchanged
  const others = parts.filter(({ from }) => !members.has(from)).map(({ part }) => part)
  if (members.size === 0) return { total: add(others), kept: { signatures, members, sum: undefined } }
  const sum = holds ? before.sum : add(parts.filter(({ from }) => members.has(from)).map(({ part }) => part))
  return { total: others.length === 0 ? sum : add([sum, ...others]), kept: { signatures, members, sum } }
}
