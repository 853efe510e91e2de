import type { Fragment, Part, Value } from './terms.ts'

/** Words that would reach a table, or change what a statement does, beside the one who binds the tenant. */
const FORBIDDEN = /[;`]|--|\/\*|\b(?:select|from|join|table|into|union|settings|format|file|url|remote|dictGet\w*)\b/i

/** An expression. Its text is constant, so it is checked here that no table is named in it; tables are named by `Select` alone. */
export function sql(strings: TemplateStringsArray, ...parts: readonly Part[]): Fragment {
  for (const text of strings) {
    const found = FORBIDDEN.exec(text)
    if (found !== null) throw new TypeError(`${found[0]} may not stand in an expression`)
  }
  return { strings, parts }
}

export const text = (value: string): Value => ({ type: 'String', value })
export const texts = (value: readonly string[]): Value => ({ type: 'Array(String)', value })
export const uint32 = (value: number): Value => ({ type: 'UInt32', value: integer(value) })
export const uint16 = (value: number): Value => ({ type: 'UInt16', value: integer(value) })
export const int64 = (value: number): Value => ({ type: 'Int64', value: integer(value) })
/** From a decimal or a whole number; one beyond all that is measured is `FAR`. */
export const uint64 = (value: string | number): Value => ({ type: 'UInt64', value: decimal(String(typeof value === 'string' ? value : Math.min(value, FAR))) })
/** From ids of 16 hex digits. */
export const uint64Ids = (hexIds: readonly string[]): Value => ({ type: 'Array(UInt64)', value: hexIds.filter(isId).map((id) => BigInt(`0x${id}`).toString()) })

/** Close to 2^63, and still written without an exponent. */
const FAR = 9_223_372_036_854_774_784

function isId(hex: string): boolean {
  return /^[0-9a-f]{16}$/i.test(hex)
}

function integer(value: number): number {
  if (!Number.isSafeInteger(value)) throw new RangeError(`${value} is not a whole number`)
  return value
}

function decimal(value: string): string {
  if (!/^\d{1,20}$/.test(value)) throw new RangeError(`${value} is not a whole number`)
  return value
}

/** A UInt64 as 16 hex digits, as ids are told outside this room. */
export const hexId = (id: Fragment): Fragment => sql`leftPad(lower(hex(${id})), 16, '0')`

export const ALWAYS = sql`1`

/** `parts` joined by AND, each in brackets; none is always true. */
export function every(parts: readonly Fragment[]): Fragment {
  return joined(parts, ') AND (', { open: '(', close: ')' })
}

export function some(parts: readonly Fragment[]): Fragment {
  return joined(parts, ') OR (', { open: '(', close: ')' })
}

export function list(parts: readonly Fragment[]): Fragment {
  return joined(parts, ', ', { open: '', close: '' })
}

function joined(parts: readonly Fragment[], separator: string, around: { open: string; close: string }): Fragment {
  if (parts.length === 0) return ALWAYS
  return { strings: [around.open, ...parts.slice(1).map(() => separator), around.close], parts }
}
