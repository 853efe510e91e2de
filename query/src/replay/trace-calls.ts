import { SpanKindNumber, StatusCode } from '@skein/schemas/otlp-wire'
import { PLACE_ATTRIBUTES, ResourceAttribute } from '@skein/schemas/semantic-conventions'
import type { EdgeKind, NodeKey } from '@skein/schemas/topology'
import type { SpanRow } from '@skein/store/contract-traces'
import { type Attributes, decodeResource } from '../otlp/attributes.ts'
import { edgeKindOf, peerOf, roleOf } from './peer.ts'

/** One call of a trace: an edge that lights up. */
export interface TraceCall {
  traceId: string
  spanId: string
  /** Span of the callee; the same when it sends none. */
  calleeSpanId: string
  source: NodeKey
  target: NodeKey
  kind: EdgeKind
  operation: string
  startNs: bigint
  durationNs: number
  error: boolean
}

const NO_SERVICE: NodeKey = { environment: '', cluster: '', namespace: '', kind: 'service', name: '' }

/** Fingerprint → service node, from the Resource messages. */
export function serviceNodesOf(resources: ReadonlyMap<string, Uint8Array>): Map<string, NodeKey> {
  return new Map([...resources].map(([fingerprint, message]) => [fingerprint, serviceNodeOf(decodeResource(message))]))
}

function serviceNodeOf(attributes: Attributes): NodeKey {
  const first = (...names: string[]): string =>
    names.map((name) => attributes[name]).find((value): value is string => typeof value === 'string' && value !== '') ?? ''
  return {
    environment: first(...PLACE_ATTRIBUTES.environment),
    cluster: first(...PLACE_ATTRIBUTES.cluster),
    namespace: first(...PLACE_ATTRIBUTES.namespace),
    kind: 'service',
    name: first(ResourceAttribute.serviceName),
  }
}

/** The calls of a trace in the order in which they began, by the rules of the map. */
export function callsOfTrace(traceId: string, spans: readonly SpanRow[], services: ReadonlyMap<string, NodeKey>): TraceCall[] {
  const tree = treeOf(spans)
  const nodeOf = (span: SpanRow): NodeKey => services.get(span.resource) ?? { ...NO_SERVICE, name: span.service }
  const calls = spans.flatMap((span) => [callTo(tree, span, nodeOf), callBy(tree, span, nodeOf)].filter((call) => call !== null))
  return calls.map((call) => ({ traceId, ...call })).sort((a, b) => (a.startNs === b.startNs ? b.durationNs - a.durationNs : a.startNs < b.startNs ? -1 : 1))
}

interface Tree {
  byId: ReadonlyMap<string, SpanRow>
  children: ReadonlyMap<string, readonly SpanRow[]>
}

function treeOf(spans: readonly SpanRow[]): Tree {
  return { byId: new Map(spans.map((span) => [span.spanId, span])), children: Map.groupBy(spans, (span) => span.parentSpanId) }
}

type Call = Omit<TraceCall, 'traceId'>
type NodeOf = (span: SpanRow) => NodeKey

/** The call that a span is the callee of. */
function callTo({ byId }: Tree, span: SpanRow, nodeOf: NodeOf): Call | null {
  const parent = byId.get(span.parentSpanId)
  if (roleOf(span) === 'consumer') return callFromTopic(span, parent, nodeOf)
  return parent === undefined ? callFromUser(span, nodeOf) : callFromParent(span, parent, nodeOf)
}

function callFromTopic(span: SpanRow, parent: SpanRow | undefined, nodeOf: NodeOf): Call | null {
  const target = nodeOf(span)
  const producer = parent !== undefined && roleOf(parent) === 'producer' ? parent : span
  const topic = peerOf(span, target.environment) ?? peerOf(producer, target.environment)
  return topic === null ? null : callOf({ source: topic, target, kind: 'consume', by: span, operation: span.name, failed: [span] })
}

/** A root has a user before it; of a parent that never came nothing is said. */
function callFromUser(span: SpanRow, nodeOf: NodeOf): Call | null {
  if (span.kind !== SpanKindNumber.server || span.parentSpanId !== '') return null
  const target = nodeOf(span)
  const user: NodeKey = { environment: target.environment, cluster: '', namespace: '', kind: 'client', name: `user/${target.name}` }
  return callOf({ source: user, target, kind: edgeKindOf(span), by: span, operation: span.name, failed: [span] })
}

function callFromParent(span: SpanRow, parent: SpanRow, nodeOf: NodeOf): Call | null {
  const [source, target] = [nodeOf(parent), nodeOf(span)]
  const byClient = roleOf(parent) === 'client'
  if (!(byClient && span.kind === SpanKindNumber.server) && sameNode(source, target)) return null
  const spoken = byClient ? edgeKindOf(parent) : 'call'
  const kind = spoken === 'call' && span.kind === SpanKindNumber.server ? edgeKindOf(span) : spoken
  const by = byClient ? parent : span
  return callOf({ source, target, kind, by, operation: span.name, failed: [span, by] })
}

/** The call that a span makes to something that sends no spans. */
function callBy(tree: Tree, span: SpanRow, nodeOf: NodeOf): Call | null {
  const role = roleOf(span)
  if (role !== 'producer' && (role !== 'client' || !isOwnCall(tree, span))) return null
  const source = nodeOf(span)
  const target = peerOf(span, source.environment)
  return target === null ? null : callOf({ source, target, kind: edgeKindOf(span), by: span, operation: span.name, failed: [span] })
}

/** Of client spans inside each other: the outermost to a store, else the innermost; none that a server answered. */
function isOwnCall({ byId, children }: Tree, span: SpanRow): boolean {
  const isStore = (each: SpanRow): boolean => ['db', 'cache', 'publish', 'consume'].includes(edgeKindOf(each))
  const inside = children.get(span.spanId) ?? []
  if (inside.some((child) => child.kind === SpanKindNumber.server)) return false
  const parent = byId.get(span.parentSpanId)
  if (parent !== undefined && roleOf(parent) === 'client' && parent.service === span.service && isStore(parent)) return false
  return isStore(span) || !inside.some((child) => roleOf(child) === 'client' && child.service === span.service)
}

function callOf({ by, failed, ...call }: Pick<Call, 'source' | 'target' | 'kind' | 'operation'> & { by: SpanRow; failed: readonly SpanRow[] }): Call {
  return {
    ...call,
    spanId: by.spanId,
    calleeSpanId: failed[0]?.spanId ?? by.spanId,
    startNs: BigInt(by.startNs),
    durationNs: Number(by.durationNs),
    error: failed.some(({ status }) => status === StatusCode.error),
  }
}

function sameNode(a: NodeKey, b: NodeKey): boolean {
  return a.name === b.name && a.environment === b.environment && a.cluster === b.cluster && a.namespace === b.namespace
}
