import { EDGE_KINDS, type EdgeKind, type NodeKey, type NoteCode } from '@skein/schemas/topology'
import type { BatchResource } from '../decode/span-batch.ts'
import { createInterner, internerBytes, internText, type Interner, textOf } from './intern.ts'
import { clientNode, isCacheSystem } from './naming.ts'
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
  /** Addresses at which an instance was called, and the text of the last one. */
  instanceAddresses: string[][]
  instanceAddressText: number[]
  /** The proxy software that an instance is, '' = none seen. */
  instanceProxy: string[]
  /** Instances of services without a name of their own. */
  unnamed: boolean[]
  /** (scope and rule, system text, value text) → node, so that a name is made once. */
  peers: TupleIndex
  peerNode: number[]
  /** (source, target, operation text and kind). */
  edges: TupleIndex
  /** Public ids of edges, by source, target and kind. */
  edgeIds: Map<string, string>
  /** (service, operation text, span kind). */
  series: TupleIndex
  /** (tenant, index in NOTES, subject text). */
  notes: TupleIndex
  /** Text → 0 not asked yet, 1 database, 2 cache. */
  systemKind: number[]
}

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
export const EdgeKindId = { http: 0, rpc: 1, db: 2, cache: 3, publish: 4, consume: 5, link: 6, call: 7 } as const satisfies Record<EdgeKind, number>

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
    peers: createTupleIndex(),
    peerNode: [],
    edges: createTupleIndex(),
    edgeIds: new Map(),
    series: createTupleIndex(),
    notes: createTupleIndex(),
    systemKind: [],
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
  const id = tupleId(catalogue.peers, -1, service, 0)
  if (id === catalogue.peerNode.length) catalogue.peerNode.push(nodeIndex(catalogue, catalogue.nodeScope[service]!, clientNode(catalogue.nodeKey[service]!)))
  return catalogue.peerNode[id]!
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

/** Is the `db.system` of this text a cache? */
export function isCacheText(catalogue: Catalogue, text: number): boolean {
  const known = catalogue.systemKind[text] ?? 0
  if (known > 0) return known === 2
  const cache = isCacheSystem(textOf(catalogue.texts, text))
  while (catalogue.systemKind.length < text) catalogue.systemKind.push(0)
  catalogue.systemKind[text] = cache ? 2 : 1
  return cache
}

/** How many names it holds: what decides when to compact. */
export function catalogueSize(catalogue: Catalogue): number {
  const { texts, nodes, instances, edges, series, notes, peers } = catalogue
  return texts.size + nodes.list.length + instances.list.length + edges.size + series.size + notes.size + peers.size
}

/** Memory, roughly: typed arrays exactly, 200 bytes for what is a string and an object. */
export function catalogueBytes(catalogue: Catalogue): number {
  const { texts, nodes, instances, edges, series, notes, peers } = catalogue
  const tuples = tupleBytes(edges) + tupleBytes(series) + tupleBytes(notes) + tupleBytes(peers)
  return internerBytes(texts) + tuples + (nodes.list.length + instances.list.length + catalogue.edgeIds.size) * 200
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
