import type { TIME_FORMATS } from '../log-rule.ts'

export type TimeFormat = (typeof TIME_FORMATS)[number]

const NUMBER = /^(\d{1,19})(?:\.(\d{1,9})\d*)?$/
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
/** A blank, an underscore or T between date and time, a comma or point before fractions; dashes or slashes; UTC where no zone is said. */
const DATE_TIME = /^(\d{4})[-/](\d\d)[-/](\d\d)[T _](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9})\d*)?\s?(Z|[+-]\d\d:?\d\d)?$/i
const COMMON_LOG = /^(\d\d)\/([A-Za-z]{3})\/(\d{4}):(\d\d):(\d\d):(\d\d) ([+-]\d{4})$/
const UNIT_NS: Readonly<Record<string, bigint>> = { unix_s: 1_000_000_000n, unix_ms: 1_000_000n, unix_us: 1000n, unix_ns: 1n }

/** Unix ns of a time as logs write it; null when it is none. */
export function readTime(text: string, format: TimeFormat): bigint | null {
  if (format === 'rfc3339') return dateTime(text)
  if (format === 'common_log') return commonLog(text)
  const unit = UNIT_NS[format]
  if (unit !== undefined) return unixTime(text, unit)
  const number = NUMBER.exec(text)
  return number === null ? (dateTime(text) ?? commonLog(text)) : unixTime(text, unitOf(number[1]?.length ?? 0))
}

/** Seconds have ten digits until the year 2286. */
function unitOf(digits: number): bigint {
  if (digits <= 11) return 1_000_000_000n
  if (digits <= 14) return 1_000_000n
  return digits <= 17 ? 1000n : 1n
}

function unixTime(text: string, unit: bigint): bigint | null {
  const [, whole, fraction = ''] = NUMBER.exec(text) ?? []
  return whole === undefined ? null : BigInt(whole) * unit + (BigInt(fraction.padEnd(9, '0')) * unit) / 1_000_000_000n
}

function dateTime(text: string): bigint | null {
  const [, year, month, day, hour, minute, second, fraction = '', zone = 'Z'] = DATE_TIME.exec(text) ?? []
  if (year === undefined) return null
  const seconds = secondsOf([year, month, day, hour, minute, second].map(Number), zone)
  return seconds === null ? null : BigInt(seconds) * 1_000_000_000n + BigInt(fraction.padEnd(9, '0'))
}

function commonLog(text: string): bigint | null {
  const [, day, month = '', year, hour, minute, second, zone = 'Z'] = COMMON_LOG.exec(text) ?? []
  if (year === undefined) return null
  const seconds = secondsOf([year, MONTHS.indexOf(month.toLowerCase()) + 1, day, hour, minute, second].map(Number), zone)
  return seconds === null ? null : BigInt(seconds) * 1_000_000_000n
}

/** Null for what no calendar has; a leap second is the second after it. */
function secondsOf(parts: readonly number[], zone: string): number | null {
  if (!isOnCalendar(parts)) return null
  const [year = 0, month = 1, day, hour, minute, second] = parts
  const seconds = Date.UTC(year, month - 1, day, hour, minute, second) / 1000 - secondsEast(zone)
  return seconds >= 0 ? seconds : null
}

function isOnCalendar([year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0]: readonly number[]): boolean {
  const isDay = within(month, 1, 12) && within(day, 1, new Date(Date.UTC(year, month, 0)).getUTCDate())
  return isDay && within(hour, 0, 23) && within(minute, 0, 59) && within(second, 0, 60)
}

function within(value: number, from: number, to: number): boolean {
  return value >= from && value <= to
}

function secondsEast(zone: string): number {
  const [, sign, hours, minutes] = /^([+-])(\d\d):?(\d\d)$/.exec(zone) ?? []
  const seconds = Number(hours) * 3600 + Number(minutes) * 60
  return sign === undefined ? 0 : sign === '-' ? -seconds : seconds
}
