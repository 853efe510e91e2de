import { EDGE_KINDS, type NodeKey, type NoteCode } from '@skein/schemas/topology'
import type { BatchResource } from '../decode/span-batch.ts'
import { createInterner, internerBytes, internRange, internText, type Interner } from './intern.ts'
import { clientNode } from '../facts/naming.ts'
import type { SpanNames } from '../facts/span-names.ts'
import { createTupleIndex, tupleBytes, tupleId, type TupleIndex } from './tuple-index.ts'

/**
 * Everything that spans name, as small integers: texts, nodes, instances, edges, RED series and notes. Ids are those of one
 * catalogue; `compact.ts` moves what held spans still name to a new one, so it holds no more than they do.
 */
export interface Catalogue {
  texts: Interner
  tenants: Names
  /** (tenant, environment): where the names of peers live. */
  scopes: Names
  scopeTenant: number[]
  scopeEnvironment: string[]
  nodes: Names
  nodeKey: NodeKey[]
  nodeScope: number[]
  instances: Names
  instanceService: number[]
  instanceResource: BatchResource[]
  /** Texts by which notes speak of an instance and its service. */
  instanceText: number[]
  instanceServiceText: number[]
  /** Addresses at which an instance was called, and the last one as a text of `known.names`. */
  instanceAddresses: string[][]
  instanceAddressText: number[]
  /** The proxy software that an instance is, '' = none seen. */
  instanceProxy: string[]
  /** Instances of services without a name of their own. */
  unnamed: boolean[]
  /** Service → the `user` node before it, −1 = nobody asked. */
  clients: number[]
  /** What the names of batches are here. */
  known: KnownNames
  /** (source, target, operation text and kind). */
  edges: TupleIndex
  /** Edge → its public id, once it was asked for. */
  edgeIds: KnownEdgeId[]
  /** (service, operation text, span kind). */
  series: TupleIndex
  /** (tenant, index in NOTES, subject text). */
  notes: TupleIndex
}

/** What edges of one source, target and kind share. */
export interface KnownEdgeId {
  /** 16 hex digits. */
  text: string
  /** Its halves. */
  low: number
  high: number
}

/** Numbers of `SpanNames` → those of the catalogue, so that each name is looked up once. */
interface KnownNames {
  names: SpanNames | null
  /** Text → text, −1 = not asked yet. */
  texts: Int32Array
  /** Scope → peer → node, or `NOT_ASKED`. */
  peers: Int32Array[]
}

const NOT_ASKED = -2

/** Texts → dense ids, for what is looked up once a batch or less. */
export interface Names {
  ids: Map<string, number>
  list: string[]
}

export const NOTES = [
  'half_edges',
  'late_corrections',
  'skewed_hosts',
  'unnamed_peers',
  'unnamed_service',
  'no_parents',
  'sampled',
  'limit',
] as const satisfies readonly NoteCode[]
export const NoteId = { halfEdges: 0, lateCorrections: 1, skewedHosts: 2, unnamedPeers: 3, unnamedService: 4, noParents: 5, sampled: 6, limit: 7 } as const

export function createCatalogue(): Catalogue {
  return {
    texts: createInterner(),
    tenants: createNames(),
    scopes: createNames(),
    scopeTenant: [],
    scopeEnvironment: [],
    nodes: createNames(),
    nodeKey: [],
    nodeScope: [],
    instances: createNames(),
    instanceService: [],
    instanceResource: [],
    instanceText: [],
    instanceServiceText: [],
    instanceAddresses: [],
    instanceAddressText: [],
    instanceProxy: [],
    unnamed: [],
    clients: [],
    known: { names: null, texts: new Int32Array(0), peers: [] },
    edges: createTupleIndex(),
    edgeIds: [],
    series: createTupleIndex(),
    notes: createTupleIndex(),
  }
}

export function tenantId(catalogue: Catalogue, tenant: string): number {
  return nameId(catalogue.tenants, tenant)
}

export function scopeId(catalogue: Catalogue, tenant: number, environment: string): number {
  const id = nameId(catalogue.scopes, `${tenant}\n${environment}`)
  catalogue.scopeTenant[id] = tenant
  catalogue.scopeEnvironment[id] = environment
  return id
}

export function nodeIndex(catalogue: Catalogue, scope: number, node: NodeKey): number {
  const id = nameId(catalogue.nodes, [scope, node.cluster, node.namespace, node.kind, node.name].join('\n'))
  if (id === catalogue.nodeKey.length) {
    catalogue.nodeKey.push(node)
    catalogue.nodeScope.push(scope)
  }
  return id
}

export function instanceIndex(catalogue: Catalogue, tenant: number, resource: BatchResource): number {
  const id = nameId(catalogue.instances, `${tenant} ${resource.fingerprintHex}`)
  if (id === catalogue.instanceService.length) {
    const { environment, cluster, namespace } = resource
    const scope = scopeId(catalogue, tenant, environment)
    const name = resource.service === '' ? 'unknown_service' : resource.service
    catalogue.instanceService.push(nodeIndex(catalogue, scope, { environment, cluster, namespace, kind: 'service', name }))
    catalogue.instanceResource.push(resource)
    catalogue.instanceAddresses.push([])
    catalogue.instanceAddressText.push(-1)
    catalogue.instanceProxy.push('')
    catalogue.instanceText.push(internText(catalogue.texts, resource.instance === '' ? name : resource.instance))
    catalogue.unnamed.push(name.startsWith('unknown_service'))
    catalogue.instanceServiceText.push(internText(catalogue.texts, name))
  }
  return id
}

/** The `user` node before an entry service. */
export function clientIndex(catalogue: Catalogue, service: number): number {
  const { clients } = catalogue
  while (clients.length <= service) clients.push(-1)
  if (clients[service]! < 0) clients[service] = nodeIndex(catalogue, catalogue.nodeScope[service]!, clientNode(catalogue.nodeKey[service]!))
  return clients[service]!
}

/** A text of a batch as one of the catalogue. */
export function textHere(catalogue: Catalogue, names: SpanNames, text: number): number {
  const known = knowNames(catalogue, names)
  if (text >= known.texts.length) known.texts = longer(known.texts, text, -1)
  const here = known.texts[text]!
  if (here >= 0) return here
  const bytes = Buffer.from(names.texts.copyOf(text))
  known.texts[text] = internRange(catalogue.texts, bytes, 0, bytes.length)
  return known.texts[text]
}

/** The node that a peer of a batch is in an environment, −1 = it is unnamed. */
export function peerHere(catalogue: Catalogue, names: SpanNames, peer: number, scope: number): number {
  if (peer < 0) return -1
  const known = knowNames(catalogue, names)
  let nodes = known.peers[scope]
  if (nodes === undefined || peer >= nodes.length) {
    while (known.peers.length <= scope) known.peers.push(new Int32Array(0))
    nodes = longer(known.peers[scope]!, peer, NOT_ASKED)
    known.peers[scope] = nodes
  }
  if (nodes[peer]! !== NOT_ASKED) return nodes[peer]!
  const environment = catalogue.scopeEnvironment[scope] ?? ''
  nodes[peer] = nodeIndex(catalogue, scope, { environment, cluster: '', namespace: '', kind: names.peerKind[peer]!, name: names.peerName[peer]! })
  return nodes[peer]
}

/** Numbers of other names than before are forgotten. */
export function knowNames(catalogue: Catalogue, names: SpanNames): KnownNames {
  const { known } = catalogue
  if (known.names !== names) beginNames(catalogue, names)
  return known
}

function beginNames({ known, instanceAddressText }: Catalogue, names: SpanNames): void {
  instanceAddressText.fill(-1)
  known.names = names
  known.texts = new Int32Array(64).fill(-1)
  known.peers = []
}

function longer(array: Int32Array, index: number, value: number): Int32Array {
  const grown = new Int32Array(Math.max(64, index + 1, array.length * 2)).fill(value, array.length)
  grown.set(array)
  return grown
}

/** Operation and kind of an edge in one number. */
export function edgeDetail(operation: number, kind: number): number {
  return operation * EDGE_KINDS.length + kind
}

export function edgeIndex(catalogue: Catalogue, source: number, target: number, detail: number): number {
  return tupleId(catalogue.edges, source, target, detail)
}

/** A note about a service, or about an instance (its service's when it has no name). */
export function serviceNote(catalogue: Catalogue, instance: number, note: number): number {
  const service = catalogue.instanceService[instance]!
  return tupleId(catalogue.notes, catalogue.scopeTenant[catalogue.nodeScope[service]!]!, note, catalogue.instanceServiceText[instance]!)
}

export function instanceNote(catalogue: Catalogue, instance: number, note: number): number {
  const service = catalogue.instanceService[instance]!
  return tupleId(catalogue.notes, catalogue.scopeTenant[catalogue.nodeScope[service]!]!, note, catalogue.instanceText[instance]!)
}

/** How many names it holds: what decides when to compact. */
export function catalogueSize(catalogue: Catalogue): number {
  const { texts, nodes, instances, edges, series, notes } = catalogue
  return texts.size + nodes.list.length + instances.list.length + edges.size + series.size + notes.size
}

/** Memory, roughly: typed arrays exactly, 200 bytes for what is a string and an object. */
export function catalogueBytes(catalogue: Catalogue): number {
  const { texts, nodes, instances, edges, series, notes, known } = catalogue
  const tuples =
    tupleBytes(edges) + tupleBytes(series) + tupleBytes(notes) + known.peers.reduce((sum, { byteLength }) => sum + byteLength, known.texts.byteLength)
  return internerBytes(texts) + tuples + (nodes.list.length + instances.list.length + catalogue.edgeIds.length) * 200
}

function createNames(): Names {
  return { ids: new Map(), list: [] }
}

function nameId(names: Names, name: string): number {
  const known = names.ids.get(name)
  if (known !== undefined) return known
  const id = names.list.length
  names.ids.set(name, id)
  names.list.push(name)
  return id
}
