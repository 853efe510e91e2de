/** What the collector needs of a pino logger. */
export interface Logger {
  info(fields: object, msg: string): void
  warn(fields: object, msg: string): void
  error(fields: object, msg: string): void
}

export interface EventFields {
  tenant?: string
  key_id?: string
  err?: unknown
  [field: string]: unknown
}

/** Log lines with a stable `event` code, at most `PER_MINUTE` a minute of each; what was left out is counted. */
export interface EventLogger {
  info(event: string, msg: string, fields?: EventFields): void
  warn(event: string, msg: string, fields?: EventFields): void
  error(event: string, msg: string, fields?: EventFields): void
}

const PER_MINUTE = 10
const MINUTE_MS = 60_000
const MAX_FIELD = 500

export function createEventLogger(options: { logger: Logger; clock: () => number }): EventLogger {
  const windows = new Map<string, { startMs: number; lines: number }>()

  function write(level: keyof Logger, event: string, msg: string, fields: EventFields): void {
    const nowMs = options.clock()
    const window = windows.get(event)
    if (window !== undefined && nowMs - window.startMs < MINUTE_MS) {
      window.lines++
      if (window.lines > PER_MINUTE) return
    } else {
      const suppressed = window === undefined ? 0 : window.lines - PER_MINUTE
      if (suppressed > 0) options.logger[level]({ event, suppressed }, 'lines of this event were left out')
      windows.set(event, { startMs: nowMs, lines: 1 })
    }
    options.logger[level]({ event, ...printable(fields) }, msg)
  }

  return {
    info: (event, msg, fields = {}) => write('info', event, msg, fields),
    warn: (event, msg, fields = {}) => write('warn', event, msg, fields),
    error: (event, msg, fields = {}) => write('error', event, msg, fields),
  }
}

function printable(fields: EventFields): EventFields {
  const { err, ...rest } = fields
  if (err === undefined) return rest
  const text = err instanceof Error ? `${err.name}: ${err.message}` : typeof err === 'string' ? err : JSON.stringify(err)
  return { ...rest, err: text.slice(0, MAX_FIELD) }
}
