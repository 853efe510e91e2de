import type { RedactAction } from '../log-rule.ts'
import { createRedactor, type Redactor } from '../redaction.ts'
import { saltedHash } from './hash.ts'
import { readRegex, type SafeRegex, spend, type Work } from './regex.ts'
import { jsonIn, type LineValue, type RuleLine } from './rule-line.ts'
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
    const names = new Set(fields ?? ['body', ...line.attributes.keys()])
    const done = [...names].filter((name) => redactField(line, name, redacting))
    return done.length === 0 ? kept('finds nothing to redact') : changed(`redacted ${done.join(', ')}`)
  }
  return { ok: true, act }
}

/** An attribute may be called like a field of the line: a name stands for both, and neither writes into the other. */
function redactField(line: RuleLine, name: string, redacting: Redacting): boolean {
  const own = (name === 'body' || name === 'service') && redactOwn(line, name, redacting)
  const value = line.attributes.get(name)
  const after = value === undefined ? undefined : redactedValue(value, redacting)
  if (after === undefined || after === value) return own
  line.attributes.set(name, after)
  return true
}

function redactOwn(line: RuleLine, name: 'body' | 'service', redacting: Redacting): boolean {
  const text = redactedText(line[name], redacting)
  if (text === line[name]) return false
  line[name] = text
  return true
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
  const text = JSON.stringify(value)
  const after = JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'string' || typeof inner === 'number' ? redactedValue(inner, redacting) : inner))
  return after === text ? value : (JSON.parse(after) as LineValue)
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
