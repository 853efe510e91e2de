import type { RedactAction } from '../log-rule.ts'
import { createRedactor, type Redactor } from '../redaction.ts'
import { saltedHash } from './hash.ts'
import { readRegex, type SafeRegex, spend, type Work } from './regex.ts'
import { jsonIn, type LineValue, type RuleLine, setField } from './rule-line.ts'
import { type Act, type ActRead, changed, kept } from './run.ts'

const DEFAULT_TEXT = '***'
/** Presets look at each character once and again where digits stand. */
const PRESET_UNITS = 20

/** What found text becomes. */
type Replacement = (found: string) => string
interface Redacting {
  /** Null: no presets. */
  presets: Redactor | null
  patterns: readonly SafeRegex[]
  replacement: Replacement
  work: Work
}

export function redactor(action: RedactAction): ActRead {
  const patterns: SafeRegex[] = []
  for (const [at, source] of (action.patterns ?? []).entries()) {
    const read = readRegex(source)
    if (!read.ok) return { ...read, field: `patterns.${at}` }
    patterns.push(read.regex)
  }
  const { mode, with: text = DEFAULT_TEXT, fields } = action
  const presets = (action.presets ?? []).length === 0 ? null : createRedactor(action.presets ?? [])
  const act: Act = (line, { salt, work }) => {
    if (mode === 'hash' && salt === '') throw new Error('has no salt to hash with')
    const replacement: Replacement = mode === 'replace' ? () => text : mode === 'remove' ? () => '' : (found) => saltedHash(found, salt)
    const redacting = { presets, patterns, replacement, work }
    const renamed = fields === undefined && redactNames(line.attributes, redacting)
    const names = new Set(fields ?? ['body', ...line.attributes.keys()])
    const done = [...names].filter((name) => redactField(line, name, redacting))
    if (done.length === 0 && !renamed) return kept('finds nothing to redact')
    return changed(`redacted ${[...(renamed ? ['names of attributes'] : []), ...done].join(', ')}`)
  }
  return { ok: true, act }
}

/** Names come from senders as values do: the key of an object in JSON becomes one. What was told apart stays so. */
function redactNames(attributes: RuleLine['attributes'], redacting: Redacting): boolean {
  const names = new Map([...attributes.keys()].map((name) => [name, redacted(name, redacting)]))
  if ([...names].every(([name, after]) => name === after)) return false
  const all = [...attributes]
  attributes.clear()
  for (const [name, value] of all) {
    const after = names.get(name) ?? name
    attributes.set(after === name ? name : freeName(after, (taken) => attributes.has(taken) || names.get(taken) === taken), value)
  }
  return true
}

function freeName(wanted: string, isTaken: (name: string) => boolean): string {
  const name = wanted === '' ? DEFAULT_TEXT : wanted
  for (let number = 1; ; number++) {
    const numbered = number === 1 ? name : `${name} ${number}`
    if (!isTaken(numbered)) return numbered
  }
}

/** An attribute may be called like a field of the line: a name stands for both, and neither writes into the other. */
function redactField(line: RuleLine, name: string, redacting: Redacting): boolean {
  const own = redactOwn(line, name, redacting)
  const value = line.attributes.get(name)
  const after = value === undefined ? undefined : redactedValue(value, redacting)
  if (after === undefined || after === value) return own
  line.attributes.set(name, after)
  return true
}

/** Of the fields that have a text of whoever sent the line. An id of which a part was found is no id any more, and goes. */
function redactOwn(line: RuleLine, name: string, redacting: Redacting): boolean {
  const key = OWN_TEXTS[name]
  if (key === undefined) return false
  const before = line[key]
  const after = key === 'body' ? redactedText(before, redacting) : redacted(before, redacting)
  if (after === before) return false
  if (key === 'service') setField(line, key, after)
  else line[key] = key === 'traceId' || key === 'spanId' ? '' : after
  if (key === 'body' && line.bodyKind === 'json' && !isJson(after)) line.bodyKind = 'text'
  return true
}

const OWN_TEXTS: Readonly<Record<string, 'body' | 'service' | 'severityText' | 'traceId' | 'spanId' | undefined>> = {
  body: 'body',
  service: 'service',
  severity: 'severityText',
  trace_id: 'traceId',
  span_id: 'spanId',
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return false
    throw error
  }
}

/** A number of a JSON text, and what stands before it. */
const JSON_NUMBER = /([:[,]\s*)(-?\d+(?:\.\d+)?)(?=\s*[,}\]])/g

/** What is JSON stays JSON, where that is possible: a number that was redacted becomes a text. */
function redactedText(text: string, redacting: Redacting): string {
  const plain = redacted(text, redacting)
  if (plain === text || jsonIn(text) === undefined || jsonIn(plain) !== undefined) return plain
  const quoted = text.replaceAll(JSON_NUMBER, (whole, before: string, number: string) => {
    const after = redacted(number, redacting)
    return after === number ? whole : before + JSON.stringify(after)
  })
  const after = redacted(quoted, redacting)
  return jsonIn(after) === undefined ? plain : after
}

/** The very value when nothing was found. Numbers are looked at as they are written; lists and objects with all that is in them. */
function redactedValue(value: LineValue, redacting: Redacting): LineValue {
  if (typeof value === 'string') return redacted(value, redacting)
  if (typeof value === 'number') {
    const text = String(value)
    const after = redacted(text, redacting)
    return after === text ? value : after
  }
  if (value === null || typeof value === 'boolean') return value
  const after = Array.isArray(value) ? value.map((each) => redactedValue(each, redacting)) : redactedObject(value, redacting)
  return JSON.stringify(after) === JSON.stringify(value) ? value : after
}

function redactedObject(object: { [name: string]: LineValue }, redacting: Redacting): { [name: string]: LineValue } {
  const after = new Map<string, LineValue>()
  for (const [name, value] of Object.entries(object)) {
    const told = redacted(name, redacting)
    after.set(told === name ? name : freeName(told, (taken) => after.has(taken) || Object.hasOwn(object, taken)), redactedValue(value, redacting))
  }
  return Object.fromEntries(after)
}

function redacted(text: string, { presets, patterns, replacement, work }: Redacting): string {
  let result = text
  if (presets !== null) {
    spend(work, (text.length + 1) * PRESET_UNITS)
    result = presets.replace(result, replacement)
  }
  for (const pattern of patterns) result = pattern.replaceAll(result, replacement, work)
  return result
}
