import { LogAttribute } from '@skein/schemas/log'
import type { AttributeKeys } from '../decode/attribute-keys.ts'
import type { AttributeRows } from '../decode/attribute-rows.ts'
import { msOfWords, secondsOfWords } from '../decode/nanoseconds.ts'
import type { BatchEnvelope, BatchResource } from '../decode/span-batch.ts'

/** What becomes of a line: `repeat` came before, `rule` was dropped by one (who counts it), `dead` must not be stored as it is. */
export const LogFate = { kept: 0, repeat: 1, rule: 2, dead: 3 } as const
export type LogFate = (typeof LogFate)[keyof typeof LogFate]

/**
 * The log records of one worker batch as a struct of arrays: what `decodeLogs` fills, rules and patterns change, and rows are written from.
 * Rows 0 … length−1 are in log order (partition by partition, offset by offset). No object and no string per line. Text stays in `bytes`; a
 * `…Start`/`…End` pair is a byte range of it, and start −1 means absent.
 *
 * Who changes a line does so through `log-changes.ts`: new text goes behind the payloads and the row points to it, a changed list of attributes
 * is written anew behind the others. A row that nothing changes costs nothing.
 */
export interface LogBatch extends AttributeRows {
  /** Bytes of `bytes` that are taken; `bytes` is another buffer after it grew, offsets stay. */
  usedBytes: number
  /** The largest buffer that `bytes` grew into; the next batch that grows uses it again. */
  grown: Buffer
  /** Row → index into `envelopes`. */
  envelope: Int32Array
  envelopes: BatchEnvelope[]
  /** Row → its place among the records of its envelope, from 0. */
  place: Int32Array
  /** Row → index into `resources`. */
  resource: Int32Array
  resources: BatchResource[]
  /** Row → index into `services` where a rule named another service than the resource's, else −1. */
  service: Int32Array
  services: string[]
  /** Row → index into `scopes`. */
  scope: Int32Array
  scopes: string[]
  /** Unix ns, in two halves: `time_unix_nano`, else the observed time, else when it was received; inside the limits of intake. */
  timeLow: Uint32Array
  timeHigh: Uint32Array
  /** OTel number 0–24; that of the text where the record has a text alone. */
  severity: Uint8Array
  /** Row → index into `severityTexts`, which has the text as it was sent; 0 is the empty one. */
  severityText: Int32Array
  severityTexts: string[]
  /** UTF-8 without NUL, at most `MAX_LOG_BODY_BYTES`. */
  bodyStart: Int32Array
  bodyEnd: Int32Array
  /** `BodyKind`. */
  bodyKind: Uint8Array
  /** Offsets of the 16 and 8 id bytes; −1 = none. */
  traceId: Int32Array
  spanId: Int32Array
  /** W3C trace flags; bit 1: sampled. */
  flags: Uint8Array
  /** Tuple index + 1 of `log.record.uid`, 0 = it has none, or one of a tailed file, which is read into the two below and is no attribute. */
  slots: Int32Array
  /** Two numbers a row, low and high half of the identity of the file a line was tailed from, and its offset there; −1 = of no file. */
  file: Uint32Array
  fileOffset: Float64Array
  /** Two numbers a row, low and high half of the id of its pattern; 0 = none. */
  pattern: Uint32Array
  /** `LogFate`; whoever looks at lines leaves out those that are not kept. */
  fate: Uint8Array
  /** Numbers of attribute names. */
  keys: AttributeKeys
  /** Names that were given to lines of this batch, and where they stand in `bytes`. */
  names: Map<string, AttributeName>
  /** The same of services and severity texts. */
  given: { services: Map<string, number>; severityTexts: Map<string, number> }
}

export interface AttributeName {
  key: number
  start: number
  end: number
}

export const LOG_MEANINGS = { slots: [[LogAttribute.uid, 0]], slotCount: 1 } as const

/** Unix ms, fractions included. */
export function timeMsOf(batch: LogBatch, row: number): number {
  return msOfWords(batch.timeLow[row] as number, batch.timeHigh[row] as number)
}

/** Unix seconds, fractions included. */
export function secondsOf(batch: LogBatch, row: number): number {
  return secondsOfWords(batch.timeLow[row] as number, batch.timeHigh[row] as number)
}

export function serviceOf(batch: LogBatch, row: number): string {
  const named = batch.service[row] as number
  return (named >= 0 ? batch.services[named] : batch.resources[batch.resource[row] as number]?.service) ?? ''
}
