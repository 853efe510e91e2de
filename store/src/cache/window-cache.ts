import type { TenantWindow } from '../contract-terms.ts'
import type { TableName } from '../tables.ts'
import type { ByteLru } from './byte-lru.ts'
import type { Changes } from './changes.ts'
import { addKept, type KeptSum } from './kept-sum.ts'
import { childrenOf, isOfHours, isReadWhole, type Segment, segmentsOf, wholeMinutes } from './segments.ts'
import { createSignatures, type MinuteMark, type Signatures } from './signatures.ts'

/** A question whose answer over a window is put together from parts of it. Parts and answers are shared, so nobody changes them. */
export interface CachedQuestion<Part, Answer> {
  readonly name: string
  /** Whose rows it is about. */
  readonly table: TableName
  /** Most rows to read at once; a segment is never cut for it. */
  readonly rowsALoad: number
  marks(window: TenantWindow): Promise<readonly MinuteMark[]>
  /** One part a segment. */
  load(tenant: string, segments: readonly Segment[]): Promise<readonly Part[]>
  add(parts: readonly Part[]): Part
  /** The same part in less memory. */
  small?(part: Part): Part
  /** The engine adds rows up, so that a part of any length is read at once. */
  readonly addedByEngine?: boolean
  /** The shortest segment that it can be asked for; a minute unless given. */
  readonly shortestSeconds?: number
  answer(window: TenantWindow, part: Part | undefined): Promise<Answer>
  partBytes(part: Part): number
  answerBytes(answer: Answer): number
}

export interface WindowCache {
  ask<Part, Answer>(question: CachedQuestion<Part, Answer>, window: TenantWindow): Promise<Answer>
  /** Reads what answers about a window are put together from, in the longest segments alone, and keeps it as long as there is room. */
  readAhead<Part>(question: CachedQuestion<Part, unknown>, window: TenantWindow): Promise<void>
  /** A question that cannot be put together from parts: asked again after each insert into its table. */
  whole<Answer>(question: WholeQuestion<Answer>, window: TenantWindow): Promise<Answer>
}

export interface WholeQuestion<Answer> {
  readonly name: string
  readonly table: TableName
  ask(window: TenantWindow): Promise<Answer>
  answerBytes(answer: Answer): number
}

interface Kept {
  readonly signature: string
  readonly value: unknown
}

interface KeptAnswer extends Kept {
  /** Of the table, before its marks were asked. */
  readonly version: number | undefined
}

/**
 * Answers questions about windows from segments read before. Nothing was inserted since: the same answer again. Else each question asks
 * the marks of its minutes first, and what was read under other marks is read again: an answer has every row that was visible when it
 * was asked for. What retention takes away may be shown until the next insert.
 */
export function createWindowCache(lru: ByteLru, changes: Changes): WindowCache {
  const pending = new Map<string, Promise<unknown>>()
  const starting = new Map<string, Promise<unknown>>()
  const answer = async <Part, Answer>(question: CachedQuestion<Part, Answer>, window: TenantWindow): Promise<Answer> => {
    const range = wholeMinutes(window)
    const version = changes.version(question.table, timesOf(range))
    const key = keyOf(`${question.name} answer`, window.tenant, range)
    const known = lru.get(key) as KeptAnswer | undefined
    if (known !== undefined && version !== undefined && known.version === version) return known.value as Answer
    const signatures = createSignatures(await question.marks(window))
    const signature = signatures.of(range)
    const keep = (value: Answer): Answer => {
      lru.put(key, { version, signature, value } satisfies KeptAnswer, question.answerBytes(value) + signature.length)
      return value
    }
    if (known?.signature === signature) return keep(known.value as Answer)
    if (signature === '') return keep(await question.answer(window, undefined))
    const reading: Reading<Part> = { question, tenant: window.tenant, signatures, lru, pending }
    const wanted: Wanted<Part>[] = []
    const total = sumOf(reading, { range, segments: windowSegments(reading, range), isWindow: true, keepsParts: true }, wanted)
    void loadAll(reading, wanted)
    return keep(await question.answer(window, await total))
  }
  return {
    ask<Part, Answer>(question: CachedQuestion<Part, Answer>, window: TenantWindow): Promise<Answer> {
      // Asked in one breath, nothing can have been inserted between: one asking serves both.
      const key = keyOf(question.name, window.tenant, wholeMinutes(window))
      const shared = starting.get(key)
      if (shared !== undefined) return shared as Promise<Answer>
      const asked = answer(question, window)
      starting.set(key, asked)
      queueMicrotask(() => starting.delete(key))
      return asked
    },
    async readAhead<Part>(question: CachedQuestion<Part, unknown>, window: TenantWindow): Promise<void> {
      const range = wholeMinutes(window)
      const signatures = { ...createSignatures(await question.marks(window)), isNewest: () => false }
      const reading: Reading<Part> = { question, tenant: window.tenant, signatures, lru, pending }
      const wanted: Wanted<Part>[] = []
      const segments = segmentsOf(range).filter((segment) => signatures.of(segment) !== '')
      const parts = segments.map((segment) => take(reading, { segment, isKept: true }, wanted))
      void loadAll(reading, wanted)
      await Promise.all(parts)
    },
    async whole<Answer>(question: WholeQuestion<Answer>, window: TenantWindow): Promise<Answer> {
      const range = wholeMinutes(window)
      const version = changes.version(question.table, timesOf(range))
      const key = keyOf(`${question.name} answer`, window.tenant, range)
      const known = lru.get(key) as KeptAnswer | undefined
      if (known !== undefined && version !== undefined && known.version === version) return known.value as Answer
      const value = await question.ask(window)
      if (version !== undefined) lru.put(key, { version, signature: '', value } satisfies KeptAnswer, question.answerBytes(value))
      return value
    },
  }
}

/** What a signature of a part takes beside its text. */
const ENTRY_BYTES = 100

function timesOf({ from, to }: Segment): { startMs: number; endMs: number } {
  return { startMs: from * 1000, endMs: to * 1000 }
}

/** The tenant last: it is the one part of a key that may hold anything. */
function keyOf(name: string, tenant: string, { from, to }: Segment): string {
  return `${name} ${from} ${to} ${tenant}`
}

interface Reading<Part> {
  question: CachedQuestion<Part, unknown>
  tenant: string
  signatures: Signatures
  lru: ByteLru
  pending: Map<string, Promise<unknown>>
}

/** Where rows come in now down to the minute: all but that is then one sum. */
function windowSegments(reading: Reading<unknown>, range: Segment): Segment[] {
  const finest = (segment: Segment): Segment[] => {
    const pieces = reading.question.addedByEngine === true || !reading.signatures.isNewest(segment) ? [] : piecesOf(reading, segment)
    return pieces.length === 0 ? [segment] : pieces.flatMap(finest)
  }
  return segmentsOf(range).flatMap(finest)
}

interface Wanted<Part> {
  segment: Segment
  resolve: (part: Part) => void
  reject: (error: unknown) => void
}

interface Stretch {
  range: Segment
  /** What it is added up from. */
  segments: readonly Segment[]
  isWindow: boolean
  /** What it is added up from will be asked for again. */
  keepsParts: boolean
}

/** Of a stretch that has rows. What must be read for it is wanted before this returns. */
async function sumOf<Part>(reading: Reading<Part>, { range, segments, isWindow, keepsParts }: Stretch, wanted: Wanted<Part>[]): Promise<Part> {
  const { question, lru, signatures } = reading
  const key = keyOf(`${question.name} sum`, reading.tenant, range)
  const parts = new Map(
    segments.map((segment) => [segment.from, { segment, signature: signatures.of(segment) }] as const).filter(([, { signature }]) => signature !== ''),
  )
  const { total, kept } = await addKept<Part>({
    add: (all) => question.add(all),
    signatures: new Map([...parts].map(([from, { signature }]) => [from, signature])),
    before: lru.get(key) as KeptSum<Part> | undefined,
    read: (starts) => Promise.all(starts.map((from) => take(reading, { segment: parts.get(from)!.segment, isKept: keepsParts }, wanted))),
    stays: isWindow,
  })
  const signatureBytes = [...kept.signatures.values()].reduce((sum, signature) => sum + ENTRY_BYTES + signature.length, 0)
  if (parts.size > 1) lru.put(key, kept, (kept.sum === undefined ? 0 : question.partBytes(kept.sum)) + signatureBytes)
  return total
}

/**
 * The part of a segment that has rows. Concurrent questions that saw the same marks share what is being read. Of an hour that nobody asked for
 * before, the pieces are not kept unless it is the newest: little will change in it, and a day of pieces would push out all else.
 */
function take<Part>(reading: Reading<Part>, { segment, isKept }: { segment: Segment; isKept: boolean }, wanted: Wanted<Part>[]): Promise<Part> {
  const { question, lru, pending } = reading
  const signature = reading.signatures.of(segment)
  const key = keyOf(question.name, reading.tenant, segment)
  const known = lru.get(key) as Kept | undefined
  if (known?.signature === signature) return Promise.resolve(known.value as Part)
  const pendingKey = `${signature} ${key}`
  const shared = pending.get(pendingKey)
  if (shared !== undefined) return shared as Promise<Part>
  const part = mustBeRead(reading, segment, known !== undefined)
    ? read(segment, wanted)
    : sumOf(
        reading,
        { range: segment, segments: piecesOf(reading, segment), isWindow: false, keepsParts: known !== undefined || hasPiecesToKeep(reading, segment) },
        wanted,
      )
  pending.set(pendingKey, part)
  void part
    .then(
      (value) => {
        if (!isKept) return
        const kept = known === undefined ? (question.small?.(value) ?? value) : value
        lru.put(key, { signature, value: kept } satisfies Kept, question.partBytes(kept) + signature.length)
      },
      () => undefined,
    )
    .finally(() => pending.delete(pendingKey))
  return part
}

function piecesOf({ question: { shortestSeconds = 0 } }: Reading<unknown>, segment: Segment): Segment[] {
  return childrenOf(segment).filter(({ from, to }) => to - from >= shortestSeconds)
}

function hasPiecesToKeep({ signatures }: Reading<unknown>, segment: Segment): boolean {
  return isOfHours(segment) || signatures.isNewest(segment)
}

/** When nothing smaller of it is known, one reading is cheaper than several; but what has changed once will change again, in one of its minutes. */
function mustBeRead(reading: Reading<unknown>, segment: Segment, changed: boolean): boolean {
  if (reading.question.addedByEngine !== true && !isReadWhole(segment)) return false
  const pieces = piecesOf(reading, segment)
  if (changed && pieces.length > 0) return false
  return !pieces.some((child) => {
    const known = reading.lru.get(keyOf(reading.question.name, reading.tenant, child)) as Kept | undefined
    return known !== undefined && known.signature === reading.signatures.of(child)
  })
}

function read<Part>(segment: Segment, wanted: Wanted<Part>[]): Promise<Part> {
  const { promise, resolve, reject } = Promise.withResolvers<Part>()
  wanted.push({ segment, resolve, reject })
  return promise
}

/** Two readings at a time: the engine reads the next one while the rows of the one before are added up. None begins after one that failed. */
async function loadAll<Part>(reading: Reading<Part>, wanted: readonly Wanted<Part>[]): Promise<void> {
  const loads = loadsOf(reading, wanted)[Symbol.iterator]()
  let failed = false
  const loadOnes = async (): Promise<void> => {
    for (const load of loads) {
      if (failed) return
      const parts = await reading.question.load(
        reading.tenant,
        load.map(({ segment }) => segment),
      )
      for (const [at, { resolve }] of load.entries()) resolve(parts[at]!)
    }
  }
  try {
    await Promise.all([loadOnes(), loadOnes()])
  } catch (error) {
    failed = true
    for (const { reject } of wanted) reject(error)
  }
}

function loadsOf<Part>(reading: Reading<Part>, wanted: readonly Wanted<Part>[]): Wanted<Part>[][] {
  const loads: Wanted<Part>[][] = []
  let rows = Infinity
  for (const each of wanted) {
    const more = reading.signatures.rowsOf(each.segment)
    if (rows + more > reading.question.rowsALoad) {
      loads.push([])
      rows = 0
    }
    rows += more
    loads.at(-1)?.push(each)
  }
  return loads
}
