import { SpanKindNumber } from '@skein/schemas/otlp-wire'
import { SemanticSlot, SLOT_COUNT } from '@skein/schemas/semantic-conventions'
import type { SpanBatch } from '../decode/span-batch.ts'
import { EdgeKindId, Flag, Role, roleOf } from '../topology/span-flags.ts'
import { numberValue, statusCodeValue } from './attribute-value.ts'
import { isCacheSystem } from './naming.ts'
import { internText, ownAddress, readPeer, slotText } from './peer.ts'
import { textOfName } from './span-names.ts'
import { readViewer } from './viewer-hash.ts'

const PRODUCER = Role.producer << Flag.roleShift
const CONSUMER = Role.consumer << Flag.roleShift
const SETTLES = -1

/** Words of a row in `SpanBatch.ids`. */
export const ID_WORDS = 8
/** Where the parent's begin. */
export const PARENT_WORD = 6

/**
 * What rows `[from, to)` say about themselves, in the columns `ids`, `facts`, `operation`, `peer`, `address` and `viewer`: read once, while the bytes
 * are near, for everything that counts spans.
 */
export function readFacts(batch: SpanBatch, view: DataView, from: number, to: number): void {
  for (let row = from; row < to; row++) {
    readIds(batch, view, row)
    readRow(batch, view, row)
    readViewer(batch, row)
  }
}

function readIds(batch: SpanBatch, view: DataView, row: number): void {
  const { ids } = batch
  const at = row * ID_WORDS
  const trace = batch.traceId[row]!
  const span = batch.spanId[row]!
  const parent = batch.parentId[row]!
  ids[at] = view.getInt32(trace, true)
  ids[at + 1] = view.getInt32(trace + 4, true)
  ids[at + 2] = view.getInt32(trace + 8, true)
  ids[at + 3] = view.getInt32(trace + 12, true)
  ids[at + 4] = view.getInt32(span, true)
  ids[at + 5] = view.getInt32(span + 4, true)
  ids[at + 6] = parent < 0 ? 0 : view.getInt32(parent, true)
  ids[at + 7] = parent < 0 ? 0 : view.getInt32(parent + 4, true)
}

function readRow(batch: SpanBatch, view: DataView, row: number): void {
  const kind = batch.kind[row]! & Flag.kindMask
  const base = row * SLOT_COUNT
  let flags = kind | (failed(batch, row) ? Flag.error : 0)
  const role = kind < SpanKindNumber.client ? 0 : messagingRole(batch, view, base, kind)
  if (role === SETTLES) flags |= Role.other << Flag.roleShift
  else if (role !== Role.other) flags |= role | (kind === SpanKindNumber.client ? Flag.store : 0)
  else if (kind === SpanKindNumber.client) {
    flags |= Role.client << Flag.roleShift
    if (batch.slots[base + SemanticSlot.dbSystem]! > 0) flags |= Flag.store
  }
  flags |= edgeKind(batch, view, base, flags) << Flag.edgeKindShift
  batch.facts[row] = flags
  batch.operation[row] = internText(batch, view, Math.max(0, batch.nameStart[row]!), Math.max(0, batch.nameEnd[row]!))
  batch.peer[row] = kind >= SpanKindNumber.client ? readPeer(batch, view, base, flags) : -1
  batch.address[row] = kind === SpanKindNumber.server ? ownAddress(batch, view, base) : -1
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

/** Role and message operation as flag bits, 0 = not a message; SETTLES = about one, but no call. */
function messagingRole(batch: SpanBatch, view: DataView, base: number, kind: number): number {
  const { slots, names } = batch
  const operation = slotText(batch, view, base + SemanticSlot.messagingOperation)
  const bits = operation < 0 ? 0 : operation === names.operations.create ? Flag.create : operation === names.operations.receive ? Flag.receive : 0
  if (kind === SpanKindNumber.producer) return PRODUCER | bits
  if (kind === SpanKindNumber.consumer) return CONSUMER | bits
  if (slots[base + SemanticSlot.messagingSystem] === 0 || slots[base + SemanticSlot.dbSystem]! > 0) return 0
  const role = clientMessagingRole(batch, operation)
  return role === SETTLES ? role : role | bits
}

/** A client span of a messaging system sends unless it says otherwise; one that settles does neither. */
function clientMessagingRole({ names }: SpanBatch, operation: number): number {
  const { settle, receive, process, deliver } = names.operations
  if (operation === settle) return SETTLES
  return operation === receive || operation === process || operation === deliver ? CONSUMER : PRODUCER
}

/** db or cache, else publish or consume, else rpc, else http, else call. */
function edgeKind(batch: SpanBatch, view: DataView, base: number, flags: number): number {
  const { slots } = batch
  const role = roleOf(flags)
  if (role === Role.producer) return EdgeKindId.publish
  if (role === Role.consumer) return EdgeKindId.consume
  if (role === Role.client && slots[base + SemanticSlot.dbSystem]! > 0)
    return isCache(batch, slotText(batch, view, base + SemanticSlot.dbSystem)) ? EdgeKindId.cache : EdgeKindId.db
  if (slots[base + SemanticSlot.rpcSystem]! > 0 || slots[base + SemanticSlot.grpcStatus]! > 0) return EdgeKindId.rpc
  const http =
    slots[base + SemanticSlot.httpMethod]! | slots[base + SemanticSlot.httpStatus]! | slots[base + SemanticSlot.urlFull]! | slots[base + SemanticSlot.httpHost]!
  return http > 0 ? EdgeKindId.http : EdgeKindId.call
}

function isCache({ names }: SpanBatch, system: number): boolean {
  if (system < 0) return false
  const known = names.systemKind[system] ?? 0
  if (known > 0) return known === 2
  while (names.systemKind.length < system) names.systemKind.push(0)
  names.systemKind[system] = isCacheSystem(textOfName(names, system)) ? 2 : 1
  return names.systemKind[system] === 2
}

/** Times come from the wire: what is no number counts as none. */
export function finite(value: number): number {
  return Number.isFinite(value) ? value : 0
}
