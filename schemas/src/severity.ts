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
  panic: 'fatal',
  none: 'none',
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
