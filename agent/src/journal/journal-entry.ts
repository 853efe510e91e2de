import { LogAttribute } from '@skein/schemas/log'
import type { Attributes } from '../otlp/attributes.ts'

/** One entry of the journal as a record. */
export interface JournalEntry {
  cursor: string
  timeNs: bigint
  severity: number
  body: string
  service: string
  attributes: Attributes
}

/** OpenTelemetry's severity numbers for syslog's levels, 0 emergency to 7 debug (data model, appendix B). */
const SEVERITY = [21, 19, 18, 17, 13, 10, 9, 5]

/** A line of `journalctl -o json`; null for one that is no entry. Texts that are not UTF-8 come as lists of bytes. */
export function readJournalEntry(line: string): JournalEntry | null {
  let fields: Record<string, unknown>
  try {
    fields = JSON.parse(line) as Record<string, unknown>
  } catch {
    return null
  }
  if (typeof fields !== 'object' || fields === null) return null
  const cursor = textOf(fields['__CURSOR'])
  const microseconds = textOf(fields['__REALTIME_TIMESTAMP'])
  if (cursor === '' || !/^\d{1,17}$/.test(microseconds)) return null
  const unit = textOf(fields['_SYSTEMD_UNIT'])
  const identifier = textOf(fields['SYSLOG_IDENTIFIER'])
  const command = textOf(fields['_COMM'])
  return {
    cursor,
    timeNs: BigInt(microseconds) * 1000n,
    severity: SEVERITY[Number(textOf(fields['PRIORITY']) || -1)] ?? 0,
    body: textOf(fields['MESSAGE']),
    service: unit.replace(/\.service$/, '') || identifier || command || 'journal',
    attributes: present({
      [LogAttribute.uid]: cursor,
      'systemd.unit': unit,
      'syslog.identifier': identifier,
      'process.executable.name': command,
      'process.pid': textOf(fields['_PID']),
    }),
  }
}

/** Of several values the first. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return value.toWellFormed()
  if (!Array.isArray(value)) return ''
  if (typeof value[0] !== 'number') return textOf(value[0])
  return Buffer.from(value.filter((byte) => typeof byte === 'number')).toString('utf8')
}

function present(attributes: Record<string, string>): Attributes {
  const { 'process.pid': pid = '', ...rest } = attributes
  const texts = Object.entries(rest).filter(([, value]) => value !== '')
  return Object.fromEntries<string | number>(/^\d+$/.test(pid) ? [...texts, ['process.pid', Number(pid)]] : texts)
}
