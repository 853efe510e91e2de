import type { FieldValue } from '../filter/tree.ts'
import { severityOf } from '../severity.ts'

export type LineValue = null | string | number | boolean | LineValue[] | { [name: string]: LineValue }

/** A log line as rules see and change it. Whoever has lines in another form makes one of these where a rule may want it. */
export interface RuleLine {
  /** Unix ns. */
  timeNs: bigint
  /** Unix ms, of the log: what limits are counted by. */
  logTimeMs: number
  /** OTel number, 0 = not said. */
  severity: number
  severityText: string
  service: string
  environment: string
  cluster: string
  namespace: string
  scope: string
  /** Hex, '' = none. */
  traceId: string
  spanId: string
  /** The trace it belongs to was sampled where it began. */
  sampled: boolean
  body: string
  bodyKind: 'text' | 'json'
  attributes: Map<string, LineValue>
  /** Id of the pattern that it would join as it came, 16 hex digits; '' = none that is known. */
  pattern: () => string
  /** An attribute of its resource. */
  resource: (name: string) => FieldValue | undefined
}

/** What a line has beside its attributes, by the names of rules and searches, the most asked first. */
export const OWN_FIELDS = ['severity', 'service', 'environment', 'cluster', 'namespace', 'body', 'scope', 'pattern', 'trace_id', 'span_id'] as const
type OwnField = (typeof OWN_FIELDS)[number]
/** Fields that no rule changes: they say where the line is from. */
const FIXED_FIELDS: readonly string[] = ['environment', 'cluster', 'namespace', 'scope', 'pattern']
const MAX_SERVICE_CHARS = 256
/** What a resource without a name is called. */
const NO_SERVICE = 'unknown_service'
const TRACE_ID = /^(?!0+$)[0-9a-f]{32}$/
const SPAN_ID = /^(?!0+$)[0-9a-f]{16}$/

export function isOwnField(name: string): name is OwnField {
  return (OWN_FIELDS as readonly string[]).includes(name)
}

export function isFixedField(name: string): boolean {
  return FIXED_FIELDS.includes(name)
}

/** What a filter asks for: the line's own fields, `body.a.b` of a JSON body, its attributes, those of its resource. Lists and objects count as none. */
export function fieldOf(line: RuleLine, name: string): FieldValue | undefined {
  if (isOwnField(name)) return ownField(line, name)
  const value = line.attributes.get(name)
  if (value !== undefined) return scalarOf(value)
  return name.startsWith('body.') ? scalarOf(bodyAt(line.body, name.slice('body.'.length))) : line.resource(name)
}

function ownField(line: RuleLine, name: OwnField): FieldValue | undefined {
  if (name === 'severity') return line.severity
  if (name === 'pattern') return line.pattern() || undefined
  const value = name === 'trace_id' ? line.traceId : name === 'span_id' ? line.spanId : line[name]
  return value === '' ? undefined : value
}

function scalarOf(value: LineValue | undefined): FieldValue | undefined {
  return value === undefined || value === null || typeof value === 'object' ? undefined : value
}

/** The value of a JSON text at a path of names and places, `a.b.0`. */
function bodyAt(body: string, path: string): LineValue | undefined {
  let value = jsonIn(body)
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
    value = (value as Record<string, LineValue>)[name]
  }
  return value
}

/** Undefined for what is no JSON object or list. */
export function jsonIn(text: string): LineValue | undefined {
  const first = text.trimStart()[0]
  if (first !== '{' && first !== '[') return undefined
  try {
    return JSON.parse(text) as LineValue
  } catch (error) {
    // Too deep a nesting is a RangeError: as little JSON as a syntax error.
    if (error instanceof SyntaxError || error instanceof RangeError) return undefined
    throw error
  }
}

export function textOf(value: LineValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** Any value for any field but the fixed ones; false when the field cannot take it (a severity that is none, an id that is none). */
export function setField(line: RuleLine, name: string, value: LineValue): boolean {
  if (name === 'severity') return setSeverity(line, textOf(value))
  if (name === 'trace_id') return setId(line, 'traceId', textOf(value).toLowerCase(), TRACE_ID)
  if (name === 'span_id') return setId(line, 'spanId', textOf(value).toLowerCase(), SPAN_ID)
  if (name === 'service') line.service = textOf(value).slice(0, MAX_SERVICE_CHARS) || NO_SERVICE
  else if (name === 'body') {
    line.body = textOf(value)
    line.bodyKind = typeof value === 'object' && value !== null ? 'json' : 'text'
  } else line.attributes.set(name, value)
  return true
}

/** An attribute is gone, any other field is empty, and a service has no name; of an attribute that is called like a field, both. False when there was nothing. */
export function removeField(line: RuleLine, name: string): boolean {
  const gone = line.attributes.delete(name)
  return (isOwnField(name) && clearOwn(line, name)) || gone
}

/** The field alone. */
export function clearOwn(line: RuleLine, name: OwnField): boolean {
  if (ownField(line, name) === undefined) return false
  if (name === 'severity') {
    line.severity = 0
    line.severityText = ''
  } else if (name === 'trace_id') line.traceId = ''
  else if (name === 'span_id') line.spanId = ''
  else if (name !== 'pattern') line[name] = name === 'service' ? NO_SERVICE : ''
  return true
}

export function setSeverity(line: RuleLine, text: string): boolean {
  const severity = severityOf(text)
  if (severity === undefined) return false
  line.severity = severity
  line.severityText = text
  return true
}

function setId(line: RuleLine, field: 'traceId' | 'spanId', value: string, shape: RegExp): boolean {
  if (!shape.test(value)) return false
  line[field] = value
  return true
}

export function copyLine(line: RuleLine): RuleLine {
  return { ...line, attributes: new Map(line.attributes) }
}
