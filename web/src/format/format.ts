/** A number as it is shown: figures and unit apart, so that the unit can be set smaller. */
export interface Figure {
  value: string
  unit: string
}

export type Language = 'en' | 'zh'

export interface FormatOptions {
  language: Language
  /** IANA name; undefined means the browser's zone. */
  timeZone: string | undefined
}

export interface Format {
  language: Language
  /** 412 k, 41.2 万. */
  count(value: number): Figure
  /** Calls over a window as a rate per second: 4.14 k /s; a dash where the length of the window is not known. */
  rate(calls: number, windowSeconds: number): Figure
  /** 0.93 %; two decimals below 1 %. Null when nothing was counted. */
  share(part: number, whole: number): Figure | null
  /** ms below 1 s, then s, then min. */
  duration(ms: number): Figure
  bytes(value: number): Figure
  /** Whole number with separators. */
  integer(value: number): string
  /** 20:10 */
  clock(timeMs: number): string
  /** 20:10:12 */
  clockSeconds(timeMs: number): string
  /** 20:10:12.345 */
  clockMillis(timeMs: number): string
  /** Nov 22, 20:10:12 */
  dateTime(timeMs: number): string
  /** Nov 22 */
  day(timeMs: number): string
  /** `value unit` with the language's spacing. */
  text(figure: Figure | null): string
}

const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000
const STEPS: Readonly<Record<Language, readonly (readonly [number, string])[]>> = {
  en: [
    [1e9, 'G'],
    [1e6, 'M'],
    [1e3, 'k'],
  ],
  zh: [
    [1e8, '亿'],
    [1e4, '万'],
  ],
}
const BYTE_STEPS = [
  [1024 ** 4, 'TiB'],
  [1024 ** 3, 'GiB'],
  [1024 ** 2, 'MiB'],
  [1024, 'KiB'],
] as const

/** Everything numbers and times need to be shown in one language and zone. */
export function createFormat({ language, timeZone }: FormatOptions): Format {
  const locale = language === 'zh' ? 'zh-CN' : 'en-GB'
  const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 })
  const count = (value: number) => scaled(value, STEPS[language], whole)
  const zone = timeZone === undefined ? {} : { timeZone }
  const time = (options: Intl.DateTimeFormatOptions) => {
    const formatter = new Intl.DateTimeFormat(language === 'zh' ? 'zh-CN' : 'en-US', { ...zone, hour12: false, hourCycle: 'h23', ...options })
    return (timeMs: number) => formatter.format(timeMs)
  }
  return {
    language,
    count,
    rate(calls, windowSeconds) {
      if (windowSeconds <= 0) return { value: '–', unit: '' }
      const perSecond = calls / windowSeconds
      if (perSecond > 0 && perSecond < 0.01) return { value: '<0.01', unit: '/s' }
      const figure = count(perSecond)
      return { value: figure.value, unit: `${figure.unit}/s` }
    },
    share: (part, all) => (all > 0 ? { value: percent((part / all) * 100), unit: '%' } : null),
    duration,
    bytes: (value) => scaled(value, BYTE_STEPS, whole, 'B'),
    integer: (value) => whole.format(value),
    clock: time({ hour: '2-digit', minute: '2-digit' }),
    clockSeconds: time({ hour: '2-digit', minute: '2-digit', second: '2-digit' }),
    clockMillis: time({ hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3 }),
    dateTime: time({ month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit' }),
    day: time({ month: 'short', day: 'numeric' }),
    text: (figure) => (figure === null ? '–' : joined(figure, language)),
  }
}

/** Three significant digits; whole numbers stay whole. */
export function significant(value: number): string {
  const magnitude = Math.abs(value)
  if (magnitude >= 99.95) return String(Math.round(value))
  if (magnitude >= 9.995) return wholeOr(value, 1)
  if (magnitude >= 0.01) return wholeOr(value, 2)
  return value === 0 ? '0' : value.toPrecision(1)
}

function wholeOr(value: number, decimals: number): string {
  const text = value.toFixed(decimals)
  return Number.isInteger(Number(text)) ? String(Number(text)) : text
}

function scaled(value: number, steps: readonly (readonly [number, string])[], whole: Intl.NumberFormat, base = ''): Figure {
  const magnitude = Math.abs(value)
  for (const [size, unit] of steps) {
    // 999.6 k would round to 1000 k
    if (magnitude >= size * 0.9995) return { value: magnitude / size >= 999.5 ? whole.format(value / size) : significant(value / size), unit }
  }
  return { value: magnitude >= 1000 ? whole.format(value) : significant(value), unit: base }
}

function percent(value: number): string {
  if (value === 0) return '0'
  if (value < 0.01) return '<0.01'
  if (value < 1) return value.toFixed(2)
  return value >= 99.95 && value < 100 ? value.toFixed(2) : significant(value)
}

function duration(ms: number): Figure {
  if (ms < 999.5) return { value: significant(ms), unit: 'ms' }
  if (ms < 2 * MINUTE_MS) return { value: significant(ms / 1000), unit: 's' }
  if (ms < 2 * HOUR_MS) return { value: significant(ms / MINUTE_MS), unit: 'min' }
  if (ms < 48 * HOUR_MS) return { value: significant(ms / HOUR_MS), unit: 'h' }
  return { value: significant(ms / (24 * HOUR_MS)), unit: 'd' }
}

function joined({ value, unit }: Figure, language: Language): string {
  if (unit === '') return value
  const tight = unit.startsWith('/') || (language === 'zh' && unit === '%')
  return tight ? `${value}${unit}` : `${value} ${unit}`
}
