import { LogAttribute } from '@skein/schemas/log'
import { PROBE_EVENT, PROBE_FROM_LABEL, PROBE_TO_LABEL, ProbeAttribute } from '@skein/schemas/agent-probe'
import { type Attributes, encodeResource, recordAttributes } from '../otlp/attributes.ts'
import { createLogWriter, EMPTY } from '../otlp/log-writer.ts'
import type { Measured } from './measure.ts'
import type { Identity } from './peer-words.ts'

/** What a probe found, with both ends of its way. */
export interface ProbeResult {
  from: Identity
  to: Identity
  address: string
  measured: Measured
  /** Unix ms. */
  timeMs: number
}

/** Names and labels are bounded by their schema, errors here. */
const REQUEST_BYTES = 64 * 1024
const ERROR_CHARS = 500
const INFO = 9
const WARN = 13

/** An `ExportLogsServiceRequest` of one record, the event `PROBE_EVENT`. */
export function encodeProbe(result: ProbeResult, resource: Attributes): Buffer {
  const { from, to, address, measured, timeMs } = result
  const { errors, identity: _, ...measures } = measured
  const body = Buffer.from(sentenceOf(result))
  const writer = createLogWriter()
  const timeNs = BigInt(Math.round(timeMs)) * 1_000_000n
  writer.reset(Buffer.alloc(REQUEST_BYTES), timeNs)
  const attributes = recordAttributes({
    [LogAttribute.eventName]: PROBE_EVENT,
    [ProbeAttribute.from]: from.name,
    [ProbeAttribute.to]: to.name,
    [ProbeAttribute.address]: address,
    ...labelled(PROBE_FROM_LABEL, from.labels),
    ...labelled(PROBE_TO_LABEL, to.labels),
    ...Object.fromEntries(Object.entries(measures).map(([name, value]) => [ProbeAttribute[name as keyof typeof measures], rounded(value)])),
    [ProbeAttribute.errors]: errors.length,
    ...(errors[0] === undefined ? {} : { [ProbeAttribute.error]: errors[0].slice(0, ERROR_CHARS) }),
  })
  const severity = errors.length === 0 ? INFO : WARN
  const line = { bytes: body, start: 0, end: body.length, offset: 0, timeNs, severity, cutBytes: 0, extra: EMPTY }
  if (!writer.open({ resource: encodeResource(resource), attributes, identity: '' }) || !writer.append(line))
    throw new Error('a probe is larger than its request')
  writer.close()
  return Buffer.from(writer.bytes())
}

/** Labels of one end as attributes. */
export function labelled(prefix: string, labels: Identity['labels']): Attributes {
  return Object.fromEntries(Object.entries(labels).map(([name, value]) => [`${prefix}${name}`, value]))
}

/** Three places of a millisecond are more than a clock of another process tells. */
function rounded(value: number): number {
  return Math.round(value * 1000) / 1000
}

function sentenceOf({ from, to, measured }: ProbeResult): string {
  const parts = [
    ...(measured.connectMs === undefined ? [] : [`connect ${rounded(measured.connectMs)} ms`]),
    ...(measured.httpP50Ms === undefined ? [] : [`HTTP ${rounded(measured.httpP50Ms)} ms`]),
    ...measured.errors.map((error) => error.slice(0, ERROR_CHARS)),
  ]
  return `Network from ${from.name} to ${to.name}: ${parts.join(', ')}`
}
