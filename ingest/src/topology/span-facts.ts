import { SpanKindNumber } from '@skein/schemas/otlp-wire'
import { SemanticSlot, SLOT_COUNT } from '@skein/schemas/semantic-conventions'
import type { SpanBatch } from '../decode/span-batch.ts'
import { numberValue, statusCodeValue, textEnd, textStart } from './attribute-value.ts'
import { type Catalogue, EdgeKindId, isCacheText } from './catalogue.ts'
import { internRange } from './intern.ts'
import { readPeer } from './peer.ts'
import { Flag, Role, roleOf } from './span-flags.ts'

const PRODUCER = Role.producer << Flag.roleShift
const CONSUMER = Role.consumer << Flag.roleShift

/** Filled by `readFacts`, one object for all spans. */
export interface SpanFacts {
  flags: number
  /** Node of the callee by the attributes, −1 = unnamed. */
  peer: number
  operation: number
}

export function readFacts(facts: SpanFacts, batch: SpanBatch, row: number, names: { catalogue: Catalogue; scope: number }): void {
  const { catalogue } = names
  const kind = batch.kind[row]! & Flag.kindMask
  const base = row * SLOT_COUNT
  let flags = kind | (failed(batch, row) ? Flag.error : 0)
  const role = messagingRole(batch, base, kind)
  if (role !== Role.other) flags |= role | (kind === SpanKindNumber.client ? Flag.store : 0)
  else if (kind === SpanKindNumber.client) {
    flags |= Role.client << Flag.roleShift
    if (batch.slots[base + SemanticSlot.dbSystem]! > 0) flags |= Flag.store
  }
  facts.flags = flags | (edgeKind(batch, base, flags, catalogue) << Flag.edgeKindShift)
  facts.operation = internRange(catalogue.texts, batch.bytes, batch.nameStart[row]!, batch.nameEnd[row]!)
  facts.peer = kind >= SpanKindNumber.client ? readPeer(batch, row, facts.flags, names) : -1
}

/** Status ERROR, HTTP ≥ 500, or gRPC 2, 4, 12–15. */
function failed(batch: SpanBatch, row: number): boolean {
  if (batch.status[row] === 2) return true
  const http = batch.slots[row * SLOT_COUNT + SemanticSlot.httpStatus]! - 1
  if (http >= 0 && numberValue(batch, http) >= 500) return true
  const grpc = batch.slots[row * SLOT_COUNT + SemanticSlot.grpcStatus]! - 1
  if (grpc < 0) return false
  const code = statusCodeValue(batch, grpc)
  return code === 2 || code === 4 || (code >= 12 && code <= 15)
}

/** Role and message operation as flag bits, 0 = not a message. */
function messagingRole(batch: SpanBatch, base: number, kind: number): number {
  if (kind < SpanKindNumber.client) return 0
  const tuple = batch.slots[base + SemanticSlot.messagingOperation]! - 1
  const operation = tuple < 0 ? '' : operationName(batch, tuple)
  const bits = operation === 'create' ? Flag.create : operation === 'receive' ? Flag.receive : 0
  if (kind === SpanKindNumber.producer) return PRODUCER | bits
  if (kind === SpanKindNumber.consumer) return CONSUMER | bits
  if (batch.slots[base + SemanticSlot.messagingSystem] === 0 || batch.slots[base + SemanticSlot.dbSystem]! > 0) return 0
  return clientMessagingRole(operation) | bits
}

/** A client span of a messaging system sends unless it says otherwise; one that settles does neither. */
function clientMessagingRole(operation: string): number {
  if (operation === 'settle') return 0
  return operation === 'receive' || operation === 'process' || operation === 'deliver' ? CONSUMER : PRODUCER
}

function operationName(batch: SpanBatch, tuple: number): string {
  const start = textStart(batch, tuple)
  return start < 0 ? '' : batch.bytes.toString('latin1', start, Math.min(textEnd(batch, tuple), start + 16))
}

/** db or cache, else publish or consume, else rpc, else http, else call. */
function edgeKind(batch: SpanBatch, base: number, flags: number, catalogue: Catalogue): number {
  const { slots } = batch
  const role = roleOf(flags)
  if (role === Role.producer) return EdgeKindId.publish
  if (role === Role.consumer) return EdgeKindId.consume
  const system = slots[base + SemanticSlot.dbSystem]! - 1
  if (role === Role.client && system >= 0) {
    const start = textStart(batch, system)
    if (start < 0) return EdgeKindId.db
    return isCacheText(catalogue, internRange(catalogue.texts, batch.bytes, start, textEnd(batch, system))) ? EdgeKindId.cache : EdgeKindId.db
  }
  if (slots[base + SemanticSlot.rpcSystem]! > 0 || slots[base + SemanticSlot.grpcStatus]! > 0) return EdgeKindId.rpc
  const http =
    slots[base + SemanticSlot.httpMethod]! | slots[base + SemanticSlot.httpStatus]! | slots[base + SemanticSlot.urlFull]! | slots[base + SemanticSlot.httpHost]!
  return http > 0 ? EdgeKindId.http : EdgeKindId.call
}

/** Times come from the wire: what is no number counts as none. */
export function finite(value: number): number {
  return Number.isFinite(value) ? value : 0
}
