import { pino } from 'pino'

export type Logger = pino.Logger

/** JSON lines on stderr: time, level, room, event, msg. */
export function createLogger(room: string, level: string): Logger {
  return pino(
    { level, base: { room }, timestamp: pino.stdTimeFunctions.isoTime, formatters: { level: (label) => ({ level: label }) } },
    pino.destination({ fd: 2, sync: true }),
  )
}
