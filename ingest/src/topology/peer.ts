import { SemanticSlot, SLOT_COUNT } from '@skein/schemas/semantic-conventions'
import type { NodeKind } from '@skein/schemas/topology'
import type { SpanBatch } from '../decode/span-batch.ts'
import { textEnd, textStart, trueValue } from './attribute-value.ts'
import { type Catalogue, EdgeKindId, nodeIndex } from './catalogue.ts'
import { internRange, textOf } from './intern.ts'
import { databaseName, externalName, NameSource, queueName, urlHostRange } from './naming.ts'
import { edgeKindOf, Role, roleOf } from './span-flags.ts'
import { tupleId } from './tuple-index.ts'

/** Where names of peers are kept, and of which (tenant, environment). */
export interface PeerNames {
  catalogue: Catalogue
  scope: number
}

const PeerClass = { database: 0, cache: 1, queue: 2, external: 3 } as const
const CLASS_KINDS: readonly NodeKind[] = ['database', 'cache', 'queue', 'external']
const EXTERNAL_SLOTS = [SemanticSlot.peerService, SemanticSlot.serverAddress, SemanticSlot.httpHost, SemanticSlot.urlFull, SemanticSlot.peerAddress] as const
const NO_TEXT = -1

/** The node that a client, producer or consumer span names as its peer, −1 = it names none. */
export function readPeer(batch: SpanBatch, row: number, flags: number, names: PeerNames): number {
  const base = row * SLOT_COUNT
  if (roleOf(flags) === Role.client) {
    const kind = edgeKindOf(flags)
    if (kind === EdgeKindId.db || kind === EdgeKindId.cache)
      return storePeer(batch, base, kind === EdgeKindId.cache ? PeerClass.cache : PeerClass.database, names)
    return externalPeer(batch, base, PeerClass.external, names)
  }
  return queuePeer(batch, base, names)
}

function storePeer(batch: SpanBatch, base: number, peerClass: number, names: PeerNames): number {
  const system = slotText(batch, base + SemanticSlot.dbSystem, names)
  let value = slotText(batch, base + SemanticSlot.peerService, names)
  if (value >= 0) return peerNode(names, { peerClass, source: NameSource.peerService, system, value })
  value = slotText(batch, base + SemanticSlot.dbNamespace, names)
  if (value >= 0) return peerNode(names, { peerClass, source: NameSource.namespace, system, value })
  value = slotText(batch, base + SemanticSlot.serverAddress, names)
  return peerNode(names, { peerClass, source: value >= 0 ? NameSource.address : NameSource.system, system, value })
}

function queuePeer(batch: SpanBatch, base: number, names: PeerNames): number {
  const peerClass = PeerClass.queue
  const system = slotText(batch, base + SemanticSlot.messagingSystem, names)
  if (slotTrue(batch, base + SemanticSlot.messagingTemporary) || slotTrue(batch, base + SemanticSlot.messagingAnonymous))
    return peerNode(names, { peerClass, source: NameSource.temporary, system, value: NO_TEXT })
  let value = slotText(batch, base + SemanticSlot.messagingTemplate, names)
  if (value < 0) value = slotText(batch, base + SemanticSlot.messagingDestination, names)
  if (value >= 0) return peerNode(names, { peerClass, source: NameSource.destination, system, value })
  if (system >= 0) return peerNode(names, { peerClass, source: NameSource.system, system, value })
  return externalPeer(batch, base, peerClass, names)
}

function externalPeer(batch: SpanBatch, base: number, peerClass: number, names: PeerNames): number {
  for (const slot of EXTERNAL_SLOTS) {
    const value = slot === SemanticSlot.urlFull ? urlHost(batch, base + slot, names) : slotText(batch, base + slot, names)
    if (value < 0) continue
    const node = peerNode(names, { peerClass, source: slot === SemanticSlot.peerService ? NameSource.peerService : NameSource.address, system: NO_TEXT, value })
    if (node >= 0) return node
  }
  return -1
}

function peerNode(names: PeerNames, peer: { peerClass: number; source: NameSource; system: number; value: number }): number {
  const { catalogue, scope } = names
  const { peerClass, source, system, value } = peer
  const id = tupleId(catalogue.peers, (scope * 8 + source) * 4 + peerClass, system, value)
  const known = catalogue.peerNode[id]
  if (known !== undefined) return known
  const name = nameOf(catalogue, peer)
  const kind = CLASS_KINDS[peerClass] ?? 'external'
  const environment = catalogue.scopeEnvironment[scope] ?? ''
  catalogue.peerNode[id] = name === '' ? -1 : nodeIndex(catalogue, scope, { environment, cluster: '', namespace: '', kind, name })
  return catalogue.peerNode[id]
}

function nameOf(catalogue: Catalogue, peer: { peerClass: number; source: NameSource; system: number; value: number }): string {
  const system = peer.system < 0 ? '' : textOf(catalogue.texts, peer.system)
  const value = peer.value < 0 ? '' : textOf(catalogue.texts, peer.value)
  if (peer.peerClass === PeerClass.queue) return queueName(peer.source, system, value)
  return peer.peerClass === PeerClass.external ? externalName(peer.source, value) : databaseName(peer.source, system, value)
}

function slotText(batch: SpanBatch, at: number, names: PeerNames): number {
  const tuple = batch.slots[at]! - 1
  if (tuple < 0) return NO_TEXT
  const start = textStart(batch, tuple)
  return start < 0 ? NO_TEXT : internRange(names.catalogue.texts, batch.bytes, start, textEnd(batch, tuple))
}

function slotTrue(batch: SpanBatch, at: number): boolean {
  const tuple = batch.slots[at]! - 1
  return tuple >= 0 && trueValue(batch, tuple)
}

/** Only the host is kept: URLs are without end. */
function urlHost(batch: SpanBatch, at: number, names: PeerNames): number {
  const tuple = batch.slots[at]! - 1
  if (tuple < 0) return NO_TEXT
  const start = textStart(batch, tuple)
  if (start < 0) return NO_TEXT
  const host = urlHostRange(batch.bytes, start, textEnd(batch, tuple))
  return host.end > host.start ? internRange(names.catalogue.texts, batch.bytes, host.start, host.end) : NO_TEXT
}
