import { type LineValue, jsonIn } from './rule-line.ts'

/** Fields of a line that was taken apart; null from a reader whose format the text is not of. Names are as they stand there, whatever they are. */
export type Fields = Map<string, LineValue>

/** As many as a line has attributes; the rest is left where it was. */
const MAX_FIELDS = 256
const MAX_DEPTH = 8

function add(fields: Fields, name: string, value: LineValue): void {
  if (name !== '' && (fields.size < MAX_FIELDS || fields.has(name))) fields.set(name, value)
}

/** Objects in objects become names with dots; lists stay lists. */
export function readJson(text: string): Fields | null {
  const value = jsonIn(text)
  if (value === undefined || value === null || typeof value !== 'object' || Array.isArray(value)) return null
  const fields: Fields = new Map()
  flatten(fields, value, '', 0)
  return fields
}

function flatten(fields: Fields, object: { [name: string]: LineValue }, prefix: string, depth: number): void {
  for (const [name, value] of Object.entries(object)) {
    if (fields.size >= MAX_FIELDS) return
    const path = prefix + name
    if (value === null) continue
    if (typeof value !== 'object') add(fields, path, value)
    else if (Array.isArray(value) || depth >= MAX_DEPTH) add(fields, path, jsonText(value))
    else flatten(fields, value, `${path}.`, depth + 1)
  }
}

/** Empty for what is too deep to be written again. */
function jsonText(value: LineValue): string {
  try {
    return JSON.stringify(value)
  } catch (error) {
    if (error instanceof RangeError) return ''
    throw error
  }
}

const LOGFMT = /\s*(?:([^\s="]+)(?:=(?:"((?:[^"\\]|\\.)*)"|([^\s"]*)))?)/y

/** `level=info msg="a b" dur=35`; a name alone is true. A text without one `=` is none. */
export function readLogfmt(text: string): Fields | null {
  const fields: Fields = new Map()
  let pairs = 0
  LOGFMT.lastIndex = 0
  for (const end = text.trimEnd().length; LOGFMT.lastIndex < end; ) {
    const found = LOGFMT.exec(text)
    if (found === null) return null
    const [, name = '', quoted, plain] = found
    if (quoted !== undefined || plain !== undefined) pairs++
    add(fields, name, quoted === undefined ? (plain === undefined ? true : plainValue(plain)) : unquote(quoted))
  }
  return pairs === 0 ? null : fields
}

/** Pairs anywhere in the line, `separator` between them and `assign` between name and value; what is no pair is passed over. */
export function readKeyValue(text: string, separator: string, assign: string): Fields | null {
  const fields: Fields = new Map()
  for (const part of splitOutsideQuotes(text, separator)) {
    const at = part.indexOf(assign)
    if (at <= 0) continue
    const name = part.slice(0, at).trim()
    const value = part.slice(at + assign.length).trim()
    const isQuoted = value.length >= 2 && value.startsWith('"') && value.endsWith('"')
    if (!/\s/.test(name)) add(fields, name, isQuoted ? unquote(value.slice(1, -1)) : plainValue(value))
  }
  return fields.size === 0 ? null : fields
}

/** One record of RFC 4180; a quotation that does not end, and more or fewer columns than names, is none. */
export function readCsv(text: string, names: readonly string[], separator: string): Fields | null {
  const values = csvValues(text, separator)
  if (values === null || values.length !== names.length) return null
  const fields: Fields = new Map()
  names.forEach((name, at) => add(fields, name, plainValue(values[at] ?? '')))
  return fields
}

function csvValues(text: string, separator: string): string[] | null {
  const values: string[] = []
  for (let at = 0; at <= text.length; ) {
    if (text[at] !== '"') {
      const end = endOf(text, separator, at)
      values.push(text.slice(at, end))
      at = end + separator.length
      continue
    }
    const closing = /"(?:[^"]|"")*"/y
    closing.lastIndex = at
    if (!closing.test(text)) return null
    values.push(text.slice(at + 1, closing.lastIndex - 1).replaceAll('""', '"'))
    at = closing.lastIndex
    if (at < text.length && !text.startsWith(separator, at)) return null
    at += separator.length
  }
  return values
}

function endOf(text: string, separator: string, from: number): number {
  const end = text.indexOf(separator, from)
  return end < 0 ? text.length : end
}

function splitOutsideQuotes(text: string, separator: string): string[] {
  const parts: string[] = []
  let from = 0
  for (let at = 0, quoted = false; at <= text.length; at++) {
    if (text[at] === '"') quoted = !quoted
    if (at !== text.length && (quoted || !text.startsWith(separator, at))) continue
    parts.push(text.slice(from, at))
    from = at + separator.length
    if (at < text.length) at = from - 1
  }
  return parts
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' }

function unquote(text: string): string {
  return text.replaceAll(/\\(.)/g, (_, char: string) => ESCAPES[char] ?? char)
}

const INTEGER = /^-?(?:0|[1-9]\d{0,14})$/
const DECIMAL = /^-?(?:0|[1-9]\d{0,14})\.\d{1,15}$/

/** Numbers as numbers where writing them again gives the same text. */
export function plainValue(text: string): LineValue {
  if (text === 'true' || text === 'false') return text === 'true'
  return (INTEGER.test(text) || DECIMAL.test(text)) && String(Number(text)) === text ? Number(text) : text
}
