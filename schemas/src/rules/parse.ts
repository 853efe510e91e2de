import { faultOf } from '../fault.ts'
import type { ParseAction } from '../log-rule.ts'
import { readEnvoy, readNginx } from './access-log.ts'
import { readGrok } from './grok.ts'
import { type Fields, plainValue, readCsv, readJson, readKeyValue, readLogfmt } from './pairs.ts'
import { readRegex, type SafeRegex, type Work } from './regex.ts'
import { fieldOf, type RuleLine, setField, setSeverity, textOf } from './rule-line.ts'
import { type Act, changed, type FieldFault, kept, type TimeLimits } from './run.ts'
import { readTime } from './times.ts'

export type ParserRead = { ok: true; parse: Parser } | ({ ok: false } & FieldFault)
/** Null for a text that is not of the format. */
type Parser = (text: string, work: Work) => Fields | null

/** Names that structured logs have for these, where the action names none. */
const USUAL = {
  time: ['time', 'timestamp', '@timestamp', 'ts'],
  severity: ['severity', 'level', 'lvl', 'log.level'],
  traceId: ['trace_id', 'traceId', 'trace.id', 'traceID'],
  spanId: ['span_id', 'spanId', 'span.id', 'spanID'],
} as const
const DAY_NS = 86_400e9
const MINUTE_NS = 60e9
const MAX_VALUE_CHARS = 32 * 1024
const TRACEPARENT = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}$/

/** The parser of an action, or what it lacks. */
export function parserOf({ format, pattern, columns, separator, assign }: ParseAction): ParserRead {
  switch (format) {
    case 'json':
      return { ok: true, parse: readJson }
    case 'logfmt':
      return { ok: true, parse: readLogfmt }
    case 'key_value':
      return { ok: true, parse: (text) => readKeyValue(text, separator ?? ' ', assign ?? '=') }
    case 'csv':
      return columns === undefined
        ? { ok: false, field: 'columns', ...faultOf('columns_missing') }
        : { ok: true, parse: (text) => readCsv(text, columns, separator ?? ',') }
    case 'regex':
      return pattern === undefined ? NO_PATTERN : regexParser(pattern)
    case 'grok':
      return pattern === undefined ? NO_PATTERN : grokParser(pattern)
    case 'envoy':
      return { ok: true, parse: readEnvoy }
    default:
      return { ok: true, parse: (text) => readNginx(text, format === 'nginx_main') }
  }
}

const NO_PATTERN: ParserRead = { ok: false, field: 'pattern', ...faultOf('pattern_missing') }

function regexParser(pattern: string): ParserRead {
  const read = readRegex(pattern)
  if (!read.ok) return { ...read, field: 'pattern' }
  if (read.regex.names.length === 0) return { ok: false, field: 'pattern', ...faultOf('no_named_group', { example: '(?P<name>…)' }) }
  return { ok: true, parse: (text, work) => read.regex.groups(text, work) }
}

function grokParser(pattern: string): ParserRead {
  const grok = readGrok(pattern)
  if (!grok.ok) return { ...grok, field: 'pattern' }
  if (grok.fields.length === 0) return { ok: false, field: 'pattern', ...faultOf('grok_no_field', { example: '%{WORD:name}' }) }
  const read = readRegex(grok.source)
  // its column is one of what the pattern unfolds to
  if (!read.ok) return { ok: false, field: 'pattern', ...faultOf(read.code, read.values) }
  return { ok: true, parse: (text, work) => grokFields(read.regex, grok.fields, text, work) }
}

function grokFields(regex: SafeRegex, fields: readonly { group: string; name: string; type: string }[], text: string, work: Work): Fields | null {
  const groups = regex.groups(text, work)
  if (groups === null) return null
  const found: Fields = new Map()
  for (const { group, name, type } of fields) {
    const value = groups.get(group)
    if (value !== undefined) found.set(name, type === 'number' ? plainValue(value) : value)
  }
  return found
}

export function parser(action: ParseAction, parse: Parser): Act {
  const { from = 'body', format, prefix = '' } = action
  return (line, { work, times }) => {
    const text = fieldOf(line, from)
    const fields = text === undefined ? null : parse(String(text), work)
    if (fields === null) return kept(`${from} is not ${format}`)
    const taken = takeKnown(line, fields, action, times)
    let made = 0
    for (const [name, value] of fields) {
      const isLong = typeof value === 'string' && value.length > MAX_VALUE_CHARS
      line.attributes.set(prefix + name, isLong ? value.slice(0, MAX_VALUE_CHARS) : value)
      made++
    }
    return changed(`${made} fields${taken.length === 0 ? '' : `, and ${taken.join(', ')}`}`)
  }
}

/** Time, severity, ids and body go to their places and out of the fields; one that is none stays a field. */
function takeKnown(line: RuleLine, fields: Fields, action: ParseAction, times: TimeLimits): string[] {
  const taken: string[] = []
  const take = (what: string, names: readonly string[], use: (text: string) => boolean): void => {
    const name = names.find((each) => fields.has(each))
    const value = name === undefined ? undefined : fields.get(name)
    if (name === undefined || value === undefined || !use(textOf(value))) return
    fields.delete(name)
    taken.push(what)
  }
  const named = (field: string | undefined, usual: readonly string[]): readonly string[] => (field === undefined ? usual : [field])
  take('time', named(action.time, USUAL.time), (text) => setTime(line, text, action, times))
  take('severity', named(action.severity, USUAL.severity), (text) => setSeverity(line, text))
  take('trace id', named(action.traceId, USUAL.traceId), (text) => setField(line, 'trace_id', text))
  take('span id', named(action.spanId, USUAL.spanId), (text) => setField(line, 'span_id', text))
  take('trace', ['traceparent'], (text) => setParent(line, text))
  if (action.message !== undefined) take('body', [action.message], (text) => setField(line, 'body', text))
  severityOfStatus(line, fields, action)
  return taken
}

function setTime(line: RuleLine, text: string, { timeFormat = 'auto' }: ParseAction, { pastDays, futureMinutes }: TimeLimits): boolean {
  const timeNs = readTime(text, timeFormat)
  const nowNs = BigInt(Math.floor(line.logTimeMs)) * 1_000_000n
  if (timeNs === null || timeNs < nowNs - BigInt(pastDays * DAY_NS) || timeNs > nowNs + BigInt(futureMinutes * MINUTE_NS)) return false
  line.timeNs = timeNs
  return true
}

function setParent(line: RuleLine, text: string): boolean {
  const [, trace, span] = TRACEPARENT.exec(text) ?? []
  if (trace === undefined || span === undefined || !setField(line, 'trace_id', trace)) return false
  setField(line, 'span_id', span)
  return true
}

/** An access log has no severity but its status. */
function severityOfStatus(line: RuleLine, fields: Fields, { format }: ParseAction): void {
  if (line.severity !== 0 || !(format === 'nginx_combined' || format === 'nginx_main' || format === 'envoy')) return
  const status = Number(fields.get('http.response.status_code'))
  setSeverity(line, status >= 500 ? 'error' : status >= 400 ? 'warn' : 'info')
}
