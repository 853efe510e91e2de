/** The sum of those parts of a stretch of minutes that stayed the same from one asking to the next. Parts go by their start. */
export interface KeptSum<Part> {
  /** Of all parts at the last asking: what their rows were when they were read. */
  readonly signatures: ReadonlyMap<number, string>
  /** Starts of the parts in `sum`. */
  readonly members: ReadonlySet<number>
  readonly sum: Part | undefined
}

export interface SumOf<Part> {
  add(parts: readonly Part[]): Part
  /** Of the parts that have rows, in order. */
  signatures: ReadonlyMap<number, string>
  before: KeptSum<Part> | undefined
  /** The parts that start there. */
  read(starts: readonly number[]): Promise<readonly Part[]>
  /** Of parts seen for the first time, all but the newest are taken for what will stay. */
  stays: boolean
}

/** So many parts more are added each time rather than the sum made anew. */
const FEW = 1

/**
 * Adds parts up. Spans come in for the newest minutes while a map is open, so what did not change twice running is kept as one sum, and
 * the next time only what changed is read and added to it.
 */
export async function addKept<Part>(of: SumOf<Part>): Promise<{ total: Part; kept: KeptSum<Part> }> {
  const { add, signatures, before } = of
  const starts = [...signatures.keys()]
  const same = (from: number): boolean => signatures.has(from) && before?.signatures.get(from) === signatures.get(from)
  const unchanged = before === undefined && of.stays ? starts.slice(0, -1) : starts.filter(same)
  if (before?.sum !== undefined && [...before.members].every(same) && unchanged.length - before.members.size <= FEW) {
    const { members, sum } = before
    const others = await of.read(starts.filter((from) => !members.has(from)))
    return { total: others.length === 0 ? sum : add([sum, ...others]), kept: { signatures, members, sum } }
  }
  const members = new Set(unchanged)
  const parts = await of.read(starts)
  if (members.size === 0) return { total: add(parts), kept: { signatures, members, sum: undefined } }
  const sum = add(parts.filter((_, at) => members.has(starts[at]!)))
  return { total: add([sum, ...parts.filter((_, at) => !members.has(starts[at]!))]), kept: { signatures, members, sum } }
}
