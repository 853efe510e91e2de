/**
 * A stored line is named by its time and its place in the log: 16 hex digits of the time (Unix ns), 16 of `seq`. Ids of one time are ordered as the
 * lines came in; no two lines have the same. For all who are not the store an id is opaque.
 */
const LINE_ID = /^[0-9a-f]{32}$/

export function logLineId(tsNs: bigint, seq: bigint): string {
  return tsNs.toString(16).padStart(16, '0') + seq.toString(16).padStart(16, '0')
}

/** Null for a text that is no id. */
export function parseLogLineId(id: string): { tsNs: bigint; seq: bigint } | null {
  return LINE_ID.test(id) ? { tsNs: BigInt(`0x${id.slice(0, 16)}`), seq: BigInt(`0x${id.slice(16)}`) } : null
}

/** A line of more bytes than this is cut at the end of a character, and says how many it had in `LogAttribute.cutBytes`. */
export const MAX_LOG_BODY_BYTES = 256 * 1024

export const LogAttribute = {
  /**
   * Records of one uid are the same record; it is kept once. One of the form `<file identity, 16 hex digits>:<offset, decimal>` says that its file
   * is sent in order of offsets, one request after the other: a line whose offset is not above those seen of its file came before. So a file whose
   * offsets begin anew is another file, with another identity. A uid of this form is not stored.
   */
  uid: 'log.record.uid',
  filePath: 'log.file.path',
  fileName: 'log.file.name',
  stream: 'log.iostream',
  /** Bytes that a line had before it was cut, by the agent or by ingest. */
  cutBytes: 'skein.log.cut_bytes',
  /** Name of a record that is an OpenTelemetry event. */
  eventName: 'event.name',
} as const

/** Column `body_kind`. */
export const BodyKind = { text: 0, json: 1 } as const
