import type { TenantWindow } from '../contract-terms.ts'
import type { Engine } from '../engine.ts'
import { asText } from '../sql/column.ts'
import { hexId, sql, texts, uint16 } from '../sql/fragment.ts'
import { compile } from '../sql/select.ts'

/** An attribute that is searched for, and the resources that have it. */
export interface OwnedAttribute {
  readonly key: string
  readonly value: string
  readonly aliases?: readonly string[]
  /** Fingerprints, 16 hex digits. */
  readonly resources?: readonly string[]
}

const DAY_MS = 86_400_000
/** An attribute of more resources than these is of most; the newest of them are looked at. */
const MOST_RESOURCES = 10_000

/** A search with the resources that have what it asks for: an attribute is of a span, or of the resource that sent it. */
export async function withOwners<Search extends TenantWindow & { attributes: readonly OwnedAttribute[] }>(engine: Engine, search: Search): Promise<Search> {
  if (search.attributes.length === 0) return search
  const attributes = await Promise.all(
    search.attributes.map(async (attribute) => {
      const rows = await engine.ask(ownersQuery(search, keysOf(attribute), attribute.value))
      return { ...attribute, resources: rows.map(({ fingerprint }) => fingerprint) }
    }),
  )
  return { ...search, attributes }
}

/** All keys under which it may stand. */
export function keysOf({ key, aliases = [] }: OwnedAttribute): readonly string[] {
  return [key, ...aliases]
}

/** A resource is kept as OTLP bytes, in which an attribute is one run of bytes. */
export function ownersQuery(window: TenantWindow, keys: readonly string[], value: string) {
  const day = (ms: number): number => Math.max(0, Math.min(65_535, Math.floor(ms / DAY_MS)))
  const runs = texts(keys.flatMap((key) => keyValueBytes(key, value)).map((bytes) => bytes.toString('hex')))
  return compile({
    scope: window,
    from: 'resources',
    columns: { fingerprint: asText(hexId(sql`fp`)) },
    where: [
      sql`day >= toDate(${uint16(day(window.startMs - DAY_MS))})`,
      sql`day <= toDate(${uint16(day(window.endMs + DAY_MS))})`,
      sql`arrayExists(run -> position(attributes, unhex(run)) > 0, ${runs})`,
    ],
    groupBy: sql`fp`,
    orderBy: sql`max(day) DESC, fp`,
    limit: MOST_RESOURCES,
  })
}

const KEY_TAG = 0x0a
const VALUE_TAG = 0x12
const STRING_TAG = 0x0a
const BOOLEAN_TAG = 0x10
const INTEGER_TAG = 0x18
const DOUBLE_TAG = 0x21

/** OTLP `KeyValue` messages that a search for `key=value` means: the string, and the number and the boolean when the text is one. */
export function keyValueBytes(key: string, value: string): Buffer[] {
  const name = Buffer.from(key)
  const head = Buffer.concat([Buffer.from([KEY_TAG]), varint(BigInt(name.length)), name, Buffer.from([VALUE_TAG])])
  const text = Buffer.from(value)
  const values: Buffer[] = [Buffer.concat([Buffer.from([STRING_TAG]), varint(BigInt(text.length)), text])]
  if (value === 'true' || value === 'false') values.push(Buffer.from([BOOLEAN_TAG, value === 'true' ? 1 : 0]))
  if (/^-?\d{1,19}$/.test(value)) values.push(Buffer.concat([Buffer.from([INTEGER_TAG]), varint(BigInt.asUintN(64, BigInt(value)))]))
  if (value.trim() !== '' && !Number.isNaN(Number(value))) values.push(doubleBytes(Number(value)))
  return values.map((any) => Buffer.concat([head, varint(BigInt(any.length)), any]))
}

function doubleBytes(value: number): Buffer {
  const bytes = Buffer.alloc(9)
  bytes[0] = DOUBLE_TAG
  bytes.writeDoubleLE(value, 1)
  return bytes
}

function varint(value: bigint): Buffer {
  const bytes: number[] = []
  let rest = value
  for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80)
  return Buffer.from([...bytes, Number(rest)])
}
