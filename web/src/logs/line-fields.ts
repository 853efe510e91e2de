import type { LogLine, LogsAnswer } from '@skein/schemas/api/logs'
import type { AttributeValue } from '@skein/schemas/api/traces'
import { valueText } from '../trace/find-spans.ts'

export type Resources = LogsAnswer['resources']
export type Attributes = Readonly<Record<string, AttributeValue>>

/** What every line has, as the language of search names it. */
const OWN: Readonly<Record<string, (line: LogLine) => string | null>> = {
  severity: (line) => line.severityClass,
  service: (line) => line.service,
  environment: (line) => line.environment,
  cluster: (line) => line.cluster,
  namespace: (line) => line.namespace,
  scope: (line) => line.scope,
  trace_id: (line) => line.traceId,
  span_id: (line) => line.spanId,
  pattern: (line) => line.pattern,
  body: (line) => line.body,
}

/** A field of a line as the language of search names it: its own, an attribute, or one of its resource. Null: it has none. */
export function fieldOf(line: LogLine, resource: Attributes, field: string): string | null {
  const own = Object.hasOwn(OWN, field) ? OWN[field]?.(line) : undefined
  if (own !== undefined) return own === '' ? null : own
  const value = Object.hasOwn(line.attributes, field) ? line.attributes[field] : Object.hasOwn(resource, field) ? resource[field] : undefined
  return value === undefined ? null : valueText(value)
}

/** The fields of its own that a line has, in the order they are shown. */
export function ownFields(line: LogLine): readonly (readonly [field: string, value: string])[] {
  return Object.keys(OWN).flatMap((field) => {
    const value = field === 'body' ? null : (OWN[field]?.(line) ?? null)
    return value === null || value === '' ? [] : [[field, value] as const]
  })
}

/** The whole line as JSON, with the attributes of its resource. */
export function lineJson(line: LogLine, resource: Attributes): string {
  return JSON.stringify({ ...line, resource, ...(line.bodyKind === 'json' ? { body: jsonOf(line.body) } : {}) }, null, 2)
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** Unix ms of a line, with a fraction. */
export function lineMs(line: Pick<LogLine, 'timeUnixNano'>): number {
  return Number(BigInt(line.timeUnixNano) / 1000n) / 1000
}

/** A body in one row: cut, and control characters seen instead of obeyed. */
export function bodyText(body: string, most: number): string {
  const cut = body.length > most ? `${body.slice(0, most)}…` : body
  return cut.replaceAll(CONTROL, (character) => {
    const code = character.charCodeAt(0)
    return code < 0x20 ? String.fromCharCode(0x2400 + code) : code === 0x7f ? '\u2421' : '\ufffd'
  })
}

/** Control characters but tab and line ends. */
const CONTROL = /[^\P{Cc}\t\n\r]/gu
