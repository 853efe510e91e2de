import { type Fault, faultOf } from '../fault.ts'

/** What grok calls things, in the words of RE2. A pattern names others that stand before it. */
const PATTERNS: Readonly<Record<string, string>> = {
  INT: '[+-]?\\d+',
  POSINT: '[1-9]\\d*',
  NONNEGINT: '\\d+',
  NUMBER: '[+-]?(?:\\d+(?:\\.\\d+)?|\\.\\d+)',
  BASE10NUM: '[+-]?(?:\\d+(?:\\.\\d+)?|\\.\\d+)',
  BASE16NUM: '(?:0[xX])?[0-9A-Fa-f]+',
  WORD: '\\b\\w+\\b',
  NOTSPACE: '\\S+',
  SPACE: '\\s*',
  DATA: '.*?',
  GREEDYDATA: '.*',
  QUOTEDSTRING: '"(?:[^"\\\\]|\\\\.)*"|\'(?:[^\'\\\\]|\\\\.)*\'',
  QS: '"(?:[^"\\\\]|\\\\.)*"|\'(?:[^\'\\\\]|\\\\.)*\'',
  UUID: '[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}',
  USERNAME: '[a-zA-Z0-9._-]+',
  USER: '[a-zA-Z0-9._-]+',
  EMAILADDRESS: '[a-zA-Z0-9!#$%&*+/=?^_{|}~.-]+@[0-9A-Za-z.-]+',
  MAC: '(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}',
  IPV4: '(?:\\d{1,3}\\.){3}\\d{1,3}',
  IPV6: '[0-9A-Fa-f:]*:[0-9A-Fa-f:.]+(?:%\\w+)?',
  IP: '(?:(?:\\d{1,3}\\.){3}\\d{1,3}|[0-9A-Fa-f:]*:[0-9A-Fa-f:.]+)',
  HOSTNAME: '\\b[0-9A-Za-z][0-9A-Za-z-]{0,62}(?:\\.[0-9A-Za-z][0-9A-Za-z-]{0,62})*\\.?',
  IPORHOST: '(?:[0-9A-Fa-f:]*:[0-9A-Fa-f:.]+|[0-9A-Za-z][0-9A-Za-z.-]*)',
  HOSTPORT: '[0-9A-Za-z][0-9A-Za-z.-]*:\\d+',
  UNIXPATH: '(?:/[^\\s/]*)+',
  PATH: '(?:(?:/[^\\s/]*)+|[A-Za-z]:\\\\\\S*)',
  URIPROTO: '[A-Za-z][A-Za-z0-9+.-]*',
  URIPATH: "(?:/[A-Za-z0-9$.+!*'(){},~:;=@#%&_-]*)+",
  URIPARAM: '\\?\\S*',
  URIPATHPARAM: "(?:/[A-Za-z0-9$.+!*'(){},~:;=@#%&_-]*)+(?:\\?\\S*)?",
  URI: '[A-Za-z][A-Za-z0-9+.-]*://\\S+',
  MONTH: '(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*',
  MONTHNUM: '(?:0?[1-9]|1[0-2])',
  MONTHDAY: '(?:0[1-9]|[12]\\d|3[01]|[1-9])',
  DAY: '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*',
  YEAR: '\\d{4}',
  HOUR: '(?:2[0-3]|[01]?\\d)',
  MINUTE: '[0-5]\\d',
  SECOND: '(?:[0-5]?\\d|60)(?:[:.,]\\d+)?',
  TIME: '(?:2[0-3]|[01]?\\d):[0-5]\\d(?::(?:[0-5]?\\d|60)(?:[.,]\\d+)?)?',
  ISO8601_TIMEZONE: '(?:Z|[+-]\\d\\d:?\\d\\d)',
  TIMESTAMP_ISO8601: '\\d{4}-\\d\\d-\\d\\d[T ]\\d\\d:?\\d\\d(?::?\\d\\d(?:[.,]\\d+)?)?(?:Z|[+-]\\d\\d:?\\d\\d)?',
  HTTPDATE: '\\d\\d/[A-Za-z]{3}/\\d{4}:\\d\\d:\\d\\d:\\d\\d [+-]\\d{4}',
  SYSLOGTIMESTAMP: '[A-Z][a-z]{2} +\\d{1,2} \\d\\d:\\d\\d:\\d\\d',
  PROG: '[\\x21-\\x5a\\x5c\\x5e-\\x7e]+',
  LOGLEVEL: '(?i:trace|debug|verbose|info(?:rmation)?|notice|warn(?:ing)?|err(?:or)?|crit(?:ical)?|fatal|severe|alert|emerg(?:ency)?)',
}

const REFERENCE = /%\{(\w+)(?::([^:}]+))?(?::(\w+))?\}/g

export type GrokRead =
  | { ok: true; source: string; fields: readonly { group: string; name: string; type: GrokType }[] }
  | ({ ok: false; column: number } & Fault)
type GrokType = 'string' | 'number'

/** A grok pattern as a regular expression whose groups are numbered names, since grok's may have dots. */
export function readGrok(pattern: string): GrokRead {
  const fields: { group: string; name: string; type: GrokType }[] = []
  for (const { 1: word = '', 3: type, index } of pattern.matchAll(REFERENCE)) {
    if (!Object.hasOwn(PATTERNS, word)) return { ok: false, column: index + 1, ...faultOf('grok_no_pattern', { name: word }) }
    if (type !== undefined && !['int', 'long', 'float', 'double', 'string'].includes(type))
      return { ok: false, column: index + 1, ...faultOf('grok_no_type', { type }) }
  }
  const source = pattern.replaceAll(REFERENCE, (_, word: string, name: string | undefined, type: string | undefined) => {
    const inside = PATTERNS[word] ?? ''
    if (name === undefined) return `(?:${inside})`
    const group = `g${fields.length}`
    fields.push({ group, name, type: type === undefined || type === 'string' ? 'string' : 'number' })
    return `(?P<${group}>${inside})`
  })
  return { ok: true, source, fields }
}
