/** Words of the topology, one meaning from wire to screen. */
export const NODE_KINDS = ['service', 'database', 'cache', 'queue', 'external', 'client'] as const
export type NodeKind = (typeof NODE_KINDS)[number]
export const EDGE_KINDS = ['http', 'rpc', 'db', 'cache', 'publish', 'consume', 'link', 'call'] as const
export type EdgeKind = (typeof EDGE_KINDS)[number]
/** How an edge is known. Each call has exactly one evidence. */
export const EVIDENCE = ['paired', 'clientOnly', 'serverOnly', 'parentChild', 'topic', 'link', 'log'] as const
export type Evidence = (typeof EVIDENCE)[number]
export const NOTE_CODES = [
  'no_spans',
  'no_parents',
  'no_root',
  'one_service',
  'unnamed_peers',
  'half_edges',
  'late_corrections',
  'skewed_hosts',
  'sampled',
  'unnamed_service',
  /** The least busy nodes and edges are shown as "other": `count` of them. */
  'folded',
  'limit',
] as const
export type NoteCode = (typeof NOTE_CODES)[number]

/** Who a node is. Missing attributes are empty; every node but a service has empty cluster and namespace. */
export interface NodeKey {
  environment: string
  cluster: string
  namespace: string
  kind: NodeKind
  name: string
}

/** Stable node id: 64-bit FNV-1a of the key's parts, 16 hex digits. The tenant is not in it; every query is bound to one. */
export function nodeId(node: NodeKey): string {
  return fnv64([node.environment, node.cluster, node.namespace, node.kind, node.name])
}

/** Stable edge id, 16 hex digits. */
export function edgeId(source: NodeKey, target: NodeKey, kind: EdgeKind): string {
  return fnv64([nodeId(source), nodeId(target), kind])
}

const encoder = new TextEncoder()

/** Most names are, and to encode them takes longer than to hash them. */
function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 127) return false
  return true
}

/** FNV-1a over the UTF-8 of the parts, each ended by 0xff (never in UTF-8), in four 16-bit limbs. */
function fnv64(parts: readonly string[]): string {
  let a = 0x2325
  let b = 0x8422
  let c = 0x9ce4
  let d = 0xcbf2
  for (const part of parts) {
    const bytes = isAscii(part) ? null : encoder.encode(part)
    const length = bytes === null ? part.length : bytes.length
    for (let i = 0; i <= length; i++) {
      a ^= i === length ? 0xff : bytes === null ? part.charCodeAt(i) : (bytes[i] ?? 0)
      // times 2^40 + 0x1b3
      const a1 = a * 0x1b3
      const b1 = b * 0x1b3 + (a1 >>> 16)
      const c1 = c * 0x1b3 + (a << 8) + (b1 >>> 16)
      const d1 = d * 0x1b3 + (b << 8) + (c1 >>> 16)
      a = a1 & 0xffff
      b = b1 & 0xffff
      c = c1 & 0xffff
      d = d1 & 0xffff
    }
  }
  return [d, c, b, a].map((limb) => limb.toString(16).padStart(4, '0')).join('')
}
