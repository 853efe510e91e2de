import type { AttributeValue, TraceSpan } from '@skein/schemas/api/traces'
import { milliseconds } from './milliseconds.ts'

type Test = (span: TraceSpan, text: () => string) => boolean

/**
 * Tells whether a span is sought. Words, all of which occur anywhere in it; `"several words"`; `service:api`, `name:`, `kind:`, `status:`,
 * `error:true`, `id:`; `duration>50ms`; `http.route:/epg` or `http.route=/epg` for attributes (`=` exactly); `-` before any of them for not.
 * Null for an empty text, which seeks nothing.
 */
export function spanMatcher(text: string): ((span: TraceSpan, lowerText: () => string) => boolean) | null {
  const tests = tokensOf(text).map(testOf)
  return tests.length === 0 ? null : (span, lowerText) => tests.every((test) => test(span, lowerText))
}

/** Words between spaces; quotes keep spaces. */
function tokensOf(text: string): string[] {
  return [...text.matchAll(/(?:[^\s"]|"[^"]*"?)+/g)].map(([token]) => token.replaceAll('"', '')).filter((token) => token !== '' && token !== '-')
}

function testOf(token: string): Test {
  if (token.startsWith('-')) {
    const test = testOf(token.slice(1))
    return (span, text) => !test(span, text)
  }
  const duration = /^duration(>=|<=|>|<|=)(.+)$/i.exec(token)
  const lengthMs = duration === null ? null : milliseconds(duration[2] ?? '')
  if (duration !== null && lengthMs !== null) return durationTest(duration[1] ?? '', lengthMs)
  const field = /^([\w.@/-]+)([:=])(.*)$/.exec(token)
  if (field !== null && field[3] !== '') return fieldTest(field[1] ?? '', field[2] === '=', (field[3] ?? '').toLowerCase())
  const word = token.toLowerCase()
  return (_, text) => text().includes(word)
}

function durationTest(operator: string, lengthMs: number): Test {
  const limitNs = BigInt(Math.round(lengthMs * 1e6))
  return ({ startTimeUnixNano, endTimeUnixNano }) => {
    const ns = BigInt(endTimeUnixNano) - BigInt(startTimeUnixNano)
    if (operator === '=') return ns === limitNs
    if (operator.startsWith('>')) return ns > limitNs || (operator === '>=' && ns === limitNs)
    return ns < limitNs || (operator === '<=' && ns === limitNs)
  }
}

const FIELDS: Readonly<Record<string, (span: TraceSpan) => string>> = {
  service: ({ service }) => service,
  name: ({ name }) => name,
  operation: ({ name }) => name,
  kind: ({ kind }) => kind,
  status: ({ status }) => status.code,
  error: ({ status }) => String(status.code === 'error'),
  id: ({ spanId }) => spanId,
  scope: ({ scope }) => scope,
  event: ({ events }) => events.map((event) => event.name).join('\n'),
}

/** A field of the span, else an attribute of it; an unknown key with `:` may also be a word with a colon in it. */
function fieldTest(key: string, exactly: boolean, value: string): Test {
  const read = FIELDS[key.toLowerCase()]
  const holds = (text: string): boolean => (exactly || key.toLowerCase() === 'error' ? text.toLowerCase() === value : text.toLowerCase().includes(value))
  if (read !== undefined) return (span) => holds(read(span))
  const word = `${key}${exactly ? '=' : ':'}${value}`.toLowerCase()
  return (span, text) => {
    const found = span.attributes[key]
    return found === undefined ? text().includes(word) && !exactly : holds(valueText(found))
  }
}

/** All of a span that words are looked for in, in lower case: service, name, id, kind, status, attributes, event names. */
export function searchableText(span: TraceSpan): string {
  const parts = [span.service, span.name, span.spanId, span.kind, span.status.message]
  if (span.status.code === 'error') parts.push('error')
  for (const [key, value] of Object.entries(span.attributes)) parts.push(`${key}=${valueText(value)}`)
  for (const event of span.events) parts.push(event.name)
  return parts.join('\n').toLowerCase()
}

/** An attribute as it is shown: strings bare, everything else as JSON. */
export function valueText(value: AttributeValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
