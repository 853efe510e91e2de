import { format } from 'node:util'
import { type Logger, SeverityNumber } from '@opentelemetry/api'

type Method = 'debug' | 'error' | 'info' | 'log' | 'trace' | 'warn'
const SEVERITIES: Readonly<Record<Method, { severityNumber: SeverityNumber; severityText: string }>> = {
  trace: { severityNumber: SeverityNumber.TRACE, severityText: 'TRACE' },
  debug: { severityNumber: SeverityNumber.DEBUG, severityText: 'DEBUG' },
  log: { severityNumber: SeverityNumber.INFO, severityText: 'INFO' },
  info: { severityNumber: SeverityNumber.INFO, severityText: 'INFO' },
  warn: { severityNumber: SeverityNumber.WARN, severityText: 'WARN' },
  error: { severityNumber: SeverityNumber.ERROR, severityText: 'ERROR' },
}

/**
 * What is written by `console` becomes a log record too, in the trace that is active. The text stays as it is, a record that fails changes nothing, and
 * what the SDK itself says while it sends makes no records.
 */
export function recordConsole(target: Pick<Console, Method>, logger: Pick<Logger, 'emit'>, isSuppressed: () => boolean): void {
  let recording = false
  for (const method of Object.keys(SEVERITIES) as Method[]) {
    const write = target[method]
    target[method] = (...parts: unknown[]) => {
      write.apply(target, parts)
      if (recording || isSuppressed()) return
      recording = true
      try {
        logger.emit({ ...SEVERITIES[method], body: format(...parts) })
      } catch {
        // the application comes first
      } finally {
        recording = false
      }
    }
  }
}
