/** Longer bodies are shown as they are: reading one must not hold a row up. */
const MOST_CHARACTERS = 16_000

/** What loggers call the sentence of a line, the likeliest first. */
const MESSAGES = ['msg', 'message', 'event', 'log'] as const

/** What a row or its neighbours say already, or what few read: last. */
const BOOKKEEPING: ReadonlySet<string> = new Set(
  'level severity lvl log.level levelname time timestamp @timestamp ts instance hostname host pid version service trace_id span_id trace_flags traceId spanId'.split(
    ' ',
  ),
)

/** A body that is a JSON object as a person reads it: what it says, then `key=value` of the rest. Null where it is no object, or says nothing. */
export function saidFirst(body: string): { message: string; rest: string } | null {
  const fields = objectOf(body)
  const key = fields === null ? undefined : MESSAGES.find((name) => typeof fields[name] === 'string' && fields[name] !== '')
  if (fields === null || key === undefined) return null
  const others = Object.entries(fields).filter(([name]) => name !== key)
  const ordered = [...others.filter(([name]) => !BOOKKEEPING.has(name)), ...others.filter(([name]) => BOOKKEEPING.has(name))]
  return {
    message: String(fields[key]),
    rest: ordered.map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`).join(' '),
  }
}

const MESSAGE_IN_TEMPLATE = /"(?:msg|message|event|log)":"((?:[^"\\]|\\.)+)",?/

/** The same of a template of such lines, which is no JSON any more; null where it has no message. */
export function saidInTemplate(template: string): { message: string; rest: string } | null {
  const found = template.startsWith('{') ? MESSAGE_IN_TEMPLATE.exec(template) : null
  const message = found?.[1]
  return found === null || message === undefined ? null : { message, rest: template.replace(found[0], '').replace(/,\}$/, '}') }
}

function objectOf(body: string): Readonly<Record<string, unknown>> | null {
  if (body.length > MOST_CHARACTERS || !body.startsWith('{')) return null
  try {
    return JSON.parse(body) as Readonly<Record<string, unknown>>
  } catch {
    return null
  }
}
