/**
 * How severe a log record is. OTel's severity numbers 1–24 are six classes of four (1–4 trace … 21–24 fatal); 0 says nothing and is `none`.
 */
export const SEVERITY_CLASSES = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'none'] as const
export type SeverityClass = (typeof SEVERITY_CLASSES)[number]

const PER_CLASS = 4
export const MAX_SEVERITY = 24

export function severityClass(severity: number): SeverityClass {
  return severity >= 1 && severity <= MAX_SEVERITY ? (SEVERITY_CLASSES[Math.floor((severity - 1) / PER_CLASS)] ?? 'none') : 'none'
}

/** Names of classes as programs write them, without the digit of OTel's short names (`WARN2`). */
const CLASS_NAMES: Readonly<Record<string, SeverityClass>> = {
  trace: 'trace',
  verbose: 'trace',
  debug: 'debug',
  info: 'info',
  information: 'info',
  notice: 'info',
  warn: 'warn',
  warning: 'warn',
  error: 'error',
  err: 'error',
  fatal: 'fatal',
  critical: 'fatal',
  crit: 'fatal',
  alert: 'fatal',
  emerg: 'fatal',
  emergency: 'fatal',
  panic: 'fatal',
  severe: 'error',
  none: 'none',
}

/** Beside them short and odd names that stand in lines, which nobody would look for: of Serilog, zerolog, .NET, logrus, zap, java.util.logging, Loguru, PostgreSQL, MySQL. */
const WRITTEN_NAMES: Readonly<Record<string, SeverityClass>> = {
  trc: 'trace',
  trac: 'trace',
  trce: 'trace',
  vrb: 'trace',
  finest: 'trace',
  finer: 'trace',
  fine: 'debug',
  dbg: 'debug',
  dbug: 'debug',
  debu: 'debug',
  inf: 'info',
  log: 'info',
  note: 'info',
  success: 'info',
  wrn: 'warn',
  erro: 'error',
  fail: 'error',
  ftl: 'fatal',
  fata: 'fatal',
  pnc: 'fatal',
  pani: 'fatal',
  dpanic: 'fatal',
}

/** The severity numbers that a name or a number means, both ends included: `warn` → 13–16, `WARN2` → 14, `17` → 17, `none` → 0. Null: it means none. */
export function severityRange(name: string): { from: number; to: number } | null {
  if (/^\d{1,2}$/.test(name)) return Number(name) <= MAX_SEVERITY ? { from: Number(name), to: Number(name) } : null
  const [, word = '', digit = ''] = /^([a-z]+)([1-4]?)$/.exec(name.toLowerCase()) ?? []
  const named = Object.hasOwn(CLASS_NAMES, word) ? CLASS_NAMES[word] : undefined
  if (named === undefined) return null
  if (named === 'none') return digit === '' ? { from: 0, to: 0 } : null
  const from = SEVERITY_CLASSES.indexOf(named) * PER_CLASS + 1
  return digit === '' ? { from, to: from + PER_CLASS - 1 } : { from: from + Number(digit) - 1, to: from + Number(digit) - 1 }
}

/** Of pino and bunyan: 10 trace … 60 fatal. */
const TENS: readonly string[] = ['10', '20', '30', '40', '50', '60']

/** The severity number of what a program wrote for one: a name in any case, its first letters, a number of OTel, pino or bunyan. Undefined: it is none. */
export function severityOf(text: string): number | undefined {
  const tens = TENS.indexOf(text)
  if (tens >= 0) return tens * PER_CLASS + 1
  const word = text.toLowerCase()
  const named = Object.hasOwn(WRITTEN_NAMES, word) ? WRITTEN_NAMES[word] : undefined
  return named === undefined ? severityRange(word)?.from : SEVERITY_CLASSES.indexOf(named) * PER_CLASS + 1
}
