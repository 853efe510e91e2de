import type { Admission } from '../admit/admission.ts'
import type { BufferPool } from '../admit/buffer-pool.ts'
import type { ByteBudget } from '../admit/byte-budget.ts'
import type { DecodeGate } from '../admit/decode-gate.ts'
import type { EventLogger } from '../health/event-logger.ts'
import type { Intake } from '../intake/intake.ts'

/** The keys of `limits.intake` a receiver holds requests to. */
export interface ReceiverLimits {
  bodyBytes: number
  headerMs: number
  bodyMs: number
  connections: number
  streams: number
}

/** What both receivers need. */
export interface ReceiverDeps {
  admission: Admission
  intake: Intake
  /** Bodies and envelopes of all requests. */
  inflight: ByteBudget
  /** What comes out of decompression, of all requests. */
  decoding: ByteBudget
  decodeGate: DecodeGate
  /** For bodies while they are read and scanned. */
  buffers: BufferPool
  limits: ReceiverLimits
  random: () => number
  events: EventLogger
  /** True from the moment the collector was told to stop. */
  draining(): boolean
}

/** Header bytes and headers of one request. */
export const MAX_HEADER_BYTES = 16 * 1024
export const MAX_HEADERS = 100
export const MAX_CONNECTIONS_PER_ADDRESS = 1000
