import { SpanKindNumber } from '@skein/schemas/otlp-wire'
import { ATTRIBUTE_SLOTS, CACHE_SYSTEMS, SemanticSlot } from '@skein/schemas/semantic-conventions'
import type { EdgeKind, NodeKey, NodeKind } from '@skein/schemas/topology'
import type { SpanRow } from '@skein/store/contract-traces'

/** What a span's attributes mean, '' for what is missing; the newer of two names is taken. */
export function meaningsOf(span: Pick<SpanRow, 'attributes'>): (slot: SemanticSlot) => string {
  const attributes = new Map(span.attributes.map(([key, value]) => [key, typeof value === 'object' ? '' : String(value)]))
  return (slot) => {
    const named = ATTRIBUTE_SLOTS.find(([name, meaning]) => meaning === slot && (attributes.get(name) ?? '') !== '')
    return named === undefined ? '' : (attributes.get(named[0]) ?? '')
  }
}

export type SpanRole = 'client' | 'producer' | 'consumer' | 'other'

export function roleOf(span: Pick<SpanRow, 'attributes' | 'kind'>): SpanRole {
  const meaning = meaningsOf(span)
  if (span.kind === SpanKindNumber.producer) return 'producer'
  if (span.kind === SpanKindNumber.consumer) return 'consumer'
  if (span.kind !== SpanKindNumber.client) return 'other'
  if (meaning(SemanticSlot.messagingSystem) === '' || meaning(SemanticSlot.dbSystem) !== '') return 'client'
  const operation = meaning(SemanticSlot.messagingOperation)
  if (operation === 'settle') return 'client'
  return operation === 'receive' || operation === 'process' || operation === 'deliver' ? 'consumer' : 'producer'
}

export function edgeKindOf(span: Pick<SpanRow, 'attributes' | 'kind'>): EdgeKind {
  const meaning = meaningsOf(span)
  const role = roleOf(span)
  if (role === 'producer') return 'publish'
  if (role === 'consumer') return 'consume'
  const system = meaning(SemanticSlot.dbSystem)
  if (role === 'client' && system !== '') return CACHE_SYSTEMS.has(system.toLowerCase()) ? 'cache' : 'db'
  if (meaning(SemanticSlot.rpcSystem) !== '' || meaning(SemanticSlot.grpcStatus) !== '') return 'rpc'
  const http = [SemanticSlot.httpMethod, SemanticSlot.httpStatus, SemanticSlot.urlFull, SemanticSlot.httpHost].some((slot) => meaning(slot) !== '')
  return http ? 'http' : 'call'
}

/** The node a client, producer or consumer span names as its peer, by the rules of the map; null when it names none. */
export function peerOf(span: Pick<SpanRow, 'attributes' | 'kind'>, environment: string): NodeKey | null {
  const meaning = meaningsOf(span)
  const role = roleOf(span)
  const kind = edgeKindOf(span)
  const node = (nodeKind: NodeKind, name: string): NodeKey | null => (name === '' ? null : { environment, cluster: '', namespace: '', kind: nodeKind, name })
  if (role === 'producer' || role === 'consumer') return node('queue', queueName(meaning))
  if (kind === 'db' || kind === 'cache') return node(kind === 'db' ? 'database' : 'cache', databaseName(meaning))
  return node('external', externalName(meaning))
}

type Meaning = ReturnType<typeof meaningsOf>

function databaseName(meaning: Meaning): string {
  const system = meaning(SemanticSlot.dbSystem)
  const namespace = meaning(SemanticSlot.dbNamespace)
  const host = hostName(meaning(SemanticSlot.serverAddress))
  return meaning(SemanticSlot.peerService) || (namespace === '' ? (isBareIp(host) ? system : host) || system : `${system}/${namespace}`)
}

function queueName(meaning: Meaning): string {
  const system = meaning(SemanticSlot.messagingSystem)
  const temporary = [SemanticSlot.messagingTemporary, SemanticSlot.messagingAnonymous].some((slot) => meaning(slot) === 'true')
  const destination = temporary ? '(temporary)' : meaning(SemanticSlot.messagingTemplate) || meaning(SemanticSlot.messagingDestination)
  return [system, destination].filter((part) => part !== '').join('/') || externalName(meaning)
}

function externalName(meaning: Meaning): string {
  const url = meaning(SemanticSlot.urlFull)
  return (
    meaning(SemanticSlot.peerService) ||
    hostName(meaning(SemanticSlot.serverAddress)) ||
    hostName(meaning(SemanticSlot.httpHost)) ||
    (URL.canParse(url) ? hostName(new URL(url).host) : '') ||
    hostName(meaning(SemanticSlot.peerAddress))
  )
}

/** Lower case, without port, brackets or the last dot. */
function hostName(address: string): string {
  const host = address.trim().toLowerCase()
  if (host.startsWith('[')) return host.slice(1).split(']', 1)[0] ?? ''
  const plain = host.split(':').length === 2 ? (host.split(':')[0] ?? '') : host
  return plain.endsWith('.') ? plain.slice(0, -1) : plain
}

function isBareIp(host: string): boolean {
  return /^\d{1,3}(?:\.\d{1,3}){3}$/.test(host) || host.includes(':')
}
