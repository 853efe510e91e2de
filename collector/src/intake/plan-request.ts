import { crc32 } from 'node:zlib'
import { APPEND_ROOM_BYTES, type AppendRecord } from '@skein/eventlog/contract'
import { Content, createEnvelopeWriter, ENVELOPE_HEADER_BYTES, Signal, Source } from '@skein/schemas/envelope'
import type { OutcomeKind, OutcomeReason } from '@skein/schemas/outcomes'
import { MAX_ENVELOPE_BYTES } from '@skein/schemas/topics'
import type { Principal } from '../admit/admission.ts'
import type { BufferPool } from '../admit/buffer-pool.ts'
import type { Accepted, StoredSignal } from '../answers/export-response.ts'
import { jsonToLogs } from '../json/json-logs.ts'
import { jsonToTraces } from '../json/json-traces.ts'
import { parseOtlpJson } from '../json/parse-json.ts'
import type { Masker } from '../mask/masker.ts'
import { requestIdOf } from '../scan/request-id.ts'
import type { ScanLimits } from '../scan/scan-limits.ts'
import { WARNING_REASONS } from '../scan/scan-limits.ts'
import type { Scanner } from '../scan/scan-request.ts'
import type { RecordScan } from '../scan/record-scan.ts'
import { splitRequest } from '../split/split-request.ts'
import { LIMITS_VERSION } from './limits-version.ts'
import { CUT_REASONS, partialMessage } from './messages.ts'

/** What will be appended for a request, and what will be said and counted once it is durable. */
export interface RequestPlan {
  /** Views of `memory`. */
  records: AppendRecord[]
  /** The pool's, to be given back when nobody reads the records any more. */
  memory: Buffer
  /** Accepted: spans, or log records. */
  accepts: number
  bytes: number
  /** Findings that were masked. */
  masked: number
  accepted: Accepted
  notes: PlanNote[]
}

export interface PlanNote {
  kind: OutcomeKind
  reason: OutcomeReason
  records: number
}

export interface PlanOptions {
  scanner: Scanner
  limits: ScanLimits & { inflightBytes: number }
  partitions: number
  nowMs: number
  buffers: BufferPool
  /** Works on the request's own bytes. */
  masker: Masker | null
}

const FROM_JSON = { traces: jsonToTraces, logs: jsonToLogs } as const

/**
 * Scan, split and envelopes in one go: the scan's memory is shared by all requests. Throws `MalformedError` and `TooLargeError`.
 */
export function planRequest(request: { signal: StoredSignal; body: Buffer; source: Source; principal: Principal }, options: PlanOptions): RequestPlan {
  const { limits, nowMs } = options
  const { tenant, keyId } = request.principal
  const body = request.source === Source.httpJson ? FROM_JSON[request.signal](parseOtlpJson(request.body)) : request.body
  const scan = options.scanner.scan(body, nowMs)
  const masked = options.masker?.mask(scan, request.signal) ?? 0
  const maxPayloadBytes = MAX_ENVELOPE_BYTES - ENVELOPE_HEADER_BYTES - Buffer.byteLength(tenant) - Buffer.byteLength(keyId)
  const { parts, linksLeftOut } = splitRequest(scan, { partitions: options.partitions, maxPayloadBytes, maxTotalBytes: limits.inflightBytes })
  const requestId = requestIdOf(scan.requestId, tenant)
  const header = { signal: Signal[request.signal], source: request.source, receivedAtMs: nowMs, requestId, parts: parts.length, limitsVersion: LIMITS_VERSION }
  const writer = createEnvelopeWriter({ ...header, tenant, keyId }, crc32)
  const memory = options.buffers.take(parts.reduce((sum, { payload }) => sum + APPEND_ROOM_BYTES + writer.overheadBytes + payload.bytes, 0))
  let at = 0
  const records = parts.map((part, index) => {
    const from = at + APPEND_ROOM_BYTES
    const content = part.linkedCopy ? Content.linkedCopy : Content.otlp
    const written = writer.write(memory, from, { content, part: index, records: part.records }, part.payload)
    at = written.end
    return { partition: part.partition, value: memory.subarray(from, at), roomBytes: APPEND_ROOM_BYTES, crc32: written.crc32 }
  })
  return {
    records,
    memory,
    accepts: scan.recordCount,
    bytes: at,
    masked,
    accepted: { rejected: scan.badIds + scan.tooLarge, message: partialMessage(request.signal, scan, linksLeftOut, limits) },
    notes: notesOf(scan),
  }
}

function notesOf(scan: RecordScan): PlanNote[] {
  const notes: PlanNote[] = []
  if (scan.badIds > 0) notes.push({ kind: 'refused', reason: 'bad_id', records: scan.badIds })
  if (scan.tooLarge > 0) notes.push({ kind: 'refused', reason: 'intake_record_bytes', records: scan.tooLarge })
  for (const [index, reason] of WARNING_REASONS.entries()) {
    const records = scan.warnings[index]!
    if (records > 0 && CUT_REASONS.has(reason)) notes.push({ kind: 'cut', reason, records })
  }
  return notes
}
