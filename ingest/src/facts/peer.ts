import { SemanticSlot } from '@skein/schemas/semantic-conventions'
import type { NodeKind } from '@skein/schemas/topology'
import type { SpanBatch } from '../decode/span-batch.ts'
import { cutAt, MAX_TEXT_BYTES } from '../topology/intern.ts'
import { EdgeKindId, edgeKindOf, Role, roleOf } from '../topology/span-flags.ts'
import { tupleId } from '../topology/tuple-index.ts'
import { textEnd, textStart, trueValue } from './attribute-value.ts'
import { databaseName, externalName, NameSource, queueName, urlHostRange } from './naming.ts'
import { type SpanNames, textOfName } from './span-names.ts'

const PeerClass = { database: 0, cache: 1, queue: 2, external: 3 } as const
const CLASS_KINDS: readonly NodeKind[] = ['database', 'cache', 'queue', 'external']
const EXTERNAL_SLOTS = [SemanticSlot.peerService, SemanticSlot.serverAddress, SemanticSlot.httpHost, SemanticSlot.urlFull, SemanticSlot.peerAddress] as const
const NO_TEXT = -1

/** What a client, producer or consumer span names as its peer, as a number of `SpanNames.peers`; −1 = it names none. `base` is where its slots begin. */
export function readPeer(batch: SpanBatch, view: DataView, base: number, flags: number): number {
  if (roleOf(flags) !== Role.client) return queuePeer(batch, view, base)
  const kind = edgeKindOf(flags)
  if (kind === EdgeKindId.db) return storePeer(batch, view, base, PeerClass.database)
  if (kind === EdgeKindId.cache) return storePeer(batch, view, base, PeerClass.cache)
  return externalPeer(batch, view, base, PeerClass.external)
}

function storePeer(batch: SpanBatch, view: DataView, base: number, peerClass: number): number {
  const { names } = batch
  const system = slotText(batch, view, base + SemanticSlot.dbSystem)
  let value = slotText(batch, view, base + SemanticSlot.peerService)
  if (value >= 0) return peerOf(names, ruleOf(NameSource.peerService, peerClass), system, value)
  value = slotText(batch, view, base + SemanticSlot.dbNamespace)
  if (value >= 0) return peerOf(names, ruleOf(NameSource.namespace, peerClass), system, value)
  value = slotText(batch, view, base + SemanticSlot.serverAddress)
  return peerOf(names, ruleOf(value >= 0 ? NameSource.address : NameSource.system, peerClass), system, value)
}

function queuePeer(batch: SpanBatch, view: DataView, base: number): number {
  const { names } = batch
  const system = slotText(batch, view, base + SemanticSlot.messagingSystem)
  if (slotTrue(batch, base + SemanticSlot.messagingTemporary) || slotTrue(batch, base + SemanticSlot.messagingAnonymous))
    return peerOf(names, ruleOf(NameSource.temporary, PeerClass.queue), system, NO_TEXT)
  let value = slotText(batch, view, base + SemanticSlot.messagingTemplate)
  if (value < 0) value = slotText(batch, view, base + SemanticSlot.messagingDestination)
  if (value >= 0) return peerOf(names, ruleOf(NameSource.destination, PeerClass.queue), system, value)
  if (system >= 0) return peerOf(names, ruleOf(NameSource.system, PeerClass.queue), system, value)
  return externalPeer(batch, view, base, PeerClass.queue)
}

function externalPeer(batch: SpanBatch, view: DataView, base: number, peerClass: number): number {
  for (const slot of EXTERNAL_SLOTS) {
    const value = slot === SemanticSlot.urlFull ? urlHost(batch, view, base + slot) : slotText(batch, view, base + slot)
    if (value < 0) continue
    const peer = peerOf(batch.names, ruleOf(slot === SemanticSlot.peerService ? NameSource.peerService : NameSource.address, peerClass), NO_TEXT, value)
    if (peer >= 0) return peer
  }
  return -1
}

function ruleOf(source: NameSource, peerClass: number): number {
  return source * CLASS_KINDS.length + peerClass
}

/** The number of a peer, −1 when what is said of it is no name. */
function peerOf(names: SpanNames, rule: number, system: number, value: number): number {
  const peer = tupleId(names.peers, rule, system, value)
  if (peer === names.peerName.length) {
    names.peerKind.push(CLASS_KINDS[rule % CLASS_KINDS.length] ?? 'external')
    names.peerName.push(nameOf(rule, textOfName(names, system), textOfName(names, value)))
  }
  return names.peerName[peer] === '' ? -1 : peer
}

function nameOf(rule: number, system: string, value: string): string {
  const source = Math.floor(rule / CLASS_KINDS.length) as NameSource
  const peerClass = rule % CLASS_KINDS.length
  if (peerClass === PeerClass.queue) return queueName(source, system, value)
  return peerClass === PeerClass.external ? externalName(source, value) : databaseName(source, system, value)
}

/** The text of a slot as a number, −1 when it has none. */
export function slotText(batch: SpanBatch, view: DataView, at: number): number {
  const tuple = batch.slots[at]! - 1
  if (tuple < 0) return NO_TEXT
  const start = textStart(batch, tuple)
  return start < 0 ? NO_TEXT : internText(batch, view, start, textEnd(batch, tuple))
}

function slotTrue(batch: SpanBatch, at: number): boolean {
  const tuple = batch.slots[at]! - 1
  return tuple >= 0 && trueValue(batch, tuple)
}

/** Only the host is kept: URLs are without end. */
function urlHost(batch: SpanBatch, view: DataView, at: number): number {
  const tuple = batch.slots[at]! - 1
  if (tuple < 0) return NO_TEXT
  const start = textStart(batch, tuple)
  if (start < 0) return NO_TEXT
  const host = urlHostRange(batch.bytes, start, textEnd(batch, tuple))
  return host.end > host.start ? internText(batch, view, host.start, host.end) : NO_TEXT
}

/** The text of the address at which a server span says it was called, where that may be an IP; else −1. */
export function ownAddress(batch: SpanBatch, view: DataView, base: number): number {
  const tuple = batch.slots[base + SemanticSlot.serverAddress]! - 1
  if (tuple < 0) return NO_TEXT
  const start = textStart(batch, tuple)
  return start < 0 || !mayBeIp(batch.bytes[start]!) ? NO_TEXT : internText(batch, view, start, textEnd(batch, tuple))
}

const [ZERO, COLON, OPEN] = [0x30, 0x3a, 0x5b]

/** Digits and the colon lie side by side; IPv6 may begin with a letter up to f. */
function mayBeIp(byte: number): boolean {
  const lower = byte | 0x20
  return (byte >= ZERO && byte <= COLON) || byte === OPEN || (lower >= 0x61 && lower <= 0x66)
}

export function internText(batch: SpanBatch, view: DataView, start: number, end: number): number {
  return batch.names.texts.intern(batch.bytes, view, start, end - start > MAX_TEXT_BYTES ? cutAt(batch.bytes, start, end) : end)
}
