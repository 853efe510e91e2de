import type { LogLine } from '@skein/schemas/api/logs'
import { quoted } from '../../search/suggestion.ts'
import type { RuleDraft } from './draft.ts'

/** Longer bodies are not tried. */
const MOST_CHARACTERS = 100_000

/** What loggers call the fields that a line has a place of its own for, the likeliest first. */
const PLACES = {
  time: ['time', 'timestamp', '@timestamp', 'ts'],
  severity: ['level', 'severity', 'log.level', 'levelname', 'lvl'],
  traceId: ['trace_id', 'traceId', 'trace.id', 'traceid'],
  spanId: ['span_id', 'spanId', 'span.id', 'spanid'],
  message: ['msg', 'message'],
} as const

/** The rule that would read the fields of a line whose text is a JSON object; null when it is none, or its fields were read already. */
export function parseOffer({ body, bodyKind, attributes, service }: LogLine, name: string): RuleDraft | null {
  const fields = bodyKind === 'text' ? objectIn(body) : null
  if (fields === null || isRead(fields, attributes)) return null
  const places = Object.entries(PLACES).flatMap(([place, names]) => {
    const found = names.find((each) => Object.hasOwn(fields, each))
    return found === undefined ? [] : [[place, found]]
  })
  return {
    name,
    enabled: true,
    match: service === '' ? '' : `service:${quoted(service)}`,
    actions: [{ type: 'parse', format: 'json', ...Object.fromEntries(places) }],
  }
}

/** What lies deeper is read under its path. */
function isRead(fields: object, attributes: LogLine['attributes']): boolean {
  const paths = Object.keys(attributes)
  return Object.keys(fields).some((key) => paths.some((path) => path === key || path.startsWith(`${key}.`)))
}

function objectIn(text: string): object | null {
  if (text.length > MOST_CHARACTERS || !/^\s*\{/.test(text)) return null
  try {
    return JSON.parse(text) as object
  } catch {
    return null
  }
}
