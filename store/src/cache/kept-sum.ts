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

/** So many parts more are added each time rather than to the sum that is kept. */
const FEW = 1

/**
 * Adds parts up. Spans come in for the newest minutes while a map is open, so what did not change twice running is kept as one sum, and
 * the next time only what changed is read and added to it.
 */
export async function addKept<Part>({ add, signatures, before, read, stays }: SumOf<Part>): Promise<{ total: Part; kept: KeptSum<Part> }> {
  const starts = [...signatures.keys()]
  const same = (from: number): boolean => signatures.has(from) && before?.signatures.get(from) === signatures.get(from)
  const holds = before?.sum !== undefined && [...before.members].every(same)
  const [base, inBase] = holds ? [before.sum, before.members] : [undefined, NONE]
  const unchanged = (before === undefined && stays ? starts.slice(0, -1) : starts.filter(same)).filter((from) => !inBase.has(from))
  const added = unchanged.length > FEW || base === undefined ? new Set(unchanged) : NONE
  const others = starts.filter((from) => !inBase.has(from))
  const parts = await read(others)
  const sumOf = (some: readonly Part[], sum: Part | undefined): Part | undefined => (some.length === 0 ? sum : add(sum === undefined ? some : [sum, ...some]))
  const sum = sumOf(
    parts.filter((_, at) => added.has(others[at]!)),
    base,
  )
  const rest = parts.filter((_, at) => !added.has(others[at]!))
  return { total: sumOf(rest, sum) ?? add([]), kept: { signatures, members: new Set([...inBase, ...added]), sum } }
}

const NONE: ReadonlySet<number> = new Set()
