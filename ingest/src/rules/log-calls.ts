import { histogramBucket } from '@skein/schemas/histogram'
import type { RuleLine } from '@skein/schemas/rules/rule-line'
import type { FoundCall } from '@skein/schemas/rules/run'
import { edgeId, EVIDENCE, type Evidence, type NodeKey } from '@skein/schemas/topology'
import { hostName } from '../facts/naming.ts'
import type { BuiltBlock } from '../rows/row-builder.ts'
import type { EdgeDelta, ExemplarDelta } from '../topology/delta-rows.ts'
import { encodeDeltas } from '../topology/encode-blocks.ts'

/** Calls that proxies tell of in their logs, summed up as edges of evidence `log`. */
export interface LogCalls {
  add(of: { tenant: string }, line: RuleLine, call: FoundCall): void
  /** The blocks of tables `edges` and `exemplars`; none for none. */
  take(): BuiltBlock[]
}

const MINUTE_MS = 60_000
/** Edges of one range; calls to further ones count as calls to one called `other`. */
const MAX_EDGES = 5000
const OTHER = 'other'
const MAX_EXEMPLARS = 3

export function createLogCalls(): LogCalls {
  let edges = new Map<string, Edge>()
  return {
    add({ tenant }, line, call) {
      const name = upstreamName(call.upstream)
      if (name === '') return
      const startMs = Number(line.timeNs / 1_000_000n)
      const minute = Math.floor(startMs / MINUTE_MS)
      const source = callerNode(line, call)
      const keyOf = (target: string): string => JSON.stringify([tenant, minute, source, target, call.operation])
      const known = edges.get(keyOf(name))
      const target = known === undefined && edges.size >= MAX_EDGES ? OTHER : name
      const edge = known ?? edges.get(keyOf(target)) ?? newEdge({ tenant, minute, source, target: externalNode(line, target), operation: call.operation })
      edges.set(keyOf(target), edge)
      edge.calls++
      edge.callsSeen++
      if (call.error) edge.errors++
      edge.evidence.log++
      const bucket = histogramBucket(call.durationNs)
      edge.buckets.set(bucket, (edge.buckets.get(bucket) ?? 0) + 1)
      edge.firstSeenMs = Math.min(edge.firstSeenMs, startMs)
      edge.lastSeenMs = Math.max(edge.lastSeenMs, startMs)
      addExemplar(edge, line, call)
    },
    take() {
      const rows = [...edges.values()].map(({ buckets, exemplars: _exemplars, ...edge }) => ({ ...edge, client: [...buckets] }))
      const exemplars = [...edges.values()].flatMap((edge) => edge.exemplars)
      edges = new Map()
      return encodeDeltas({ edges: rows, red: [], instances: [], notes: [], exemplars, ends: [], viewers: [] })
    },
  }
}

/** The service of the line, or another by name. */
function callerNode({ environment, cluster, namespace }: RuleLine, { caller }: FoundCall): NodeKey {
  return { environment, cluster, namespace, kind: 'service', name: caller }
}

/** As pairing calls a peer that only its caller speaks of: whose an address is, is decided when it is read. */
function externalNode({ environment }: RuleLine, name: string): NodeKey {
  return { environment, cluster: '', namespace: '', kind: 'external', name }
}

const KUBERNETES = /^([a-z0-9-]+)\.[a-z0-9-]+\.svc(?:\.[a-z0-9.-]+)?$/

/** `outbound|80||epg.tv.svc.cluster.local`, `http://epg:80/x`, `epg.tv.svc:80` → `epg`; an address stays one. Empty for a socket of the machine. */
export function upstreamName(upstream: string): string {
  const cluster = upstream.slice(upstream.lastIndexOf('|') + 1)
  if (cluster.startsWith('unix:')) return ''
  const scheme = cluster.indexOf('://')
  const host = hostName((scheme < 0 ? cluster : cluster.slice(scheme + 3)).split('/', 1)[0] ?? '')
  return KUBERNETES.exec(host)?.[1] ?? host
}

/** With what goes into other columns and tables. */
interface Edge extends EdgeDelta {
  buckets: Map<number, number>
  exemplars: ExemplarDelta[]
}

type EdgeName = Pick<EdgeDelta, 'tenant' | 'minute' | 'source' | 'target' | 'operation'>

/** The calls of an edge that failed or took longest, of those whose trace is known. */
function addExemplar(edge: Edge, { traceId, spanId, timeNs }: RuleLine, { durationNs, error }: FoundCall): void {
  if (traceId === '') return
  const startMs = Number(timeNs / 1_000_000n)
  const ids = { traceId: Buffer.from(traceId, 'hex'), spanId: Buffer.from(spanId.padStart(16, '0'), 'hex') }
  edge.exemplars.push({ tenant: edge.tenant, minute: edge.minute, edgeId: edge.edgeId, sourceOperation: edge.operation, ...ids, durationNs, error, startMs })
  if (edge.exemplars.length <= MAX_EXEMPLARS) return
  edge.exemplars.sort((a, b) => Number(b.error) - Number(a.error) || b.durationNs - a.durationNs)
  edge.exemplars.length = MAX_EXEMPLARS
}

function newEdge(name: EdgeName): Edge {
  return {
    ...name,
    edgeId: edgeId(name.source, name.target, 'http'),
    kind: 'http',
    calls: 0,
    callsSeen: 0,
    errors: 0,
    evidence: Object.fromEntries(EVIDENCE.map((evidence) => [evidence, 0])) as Record<Evidence, number>,
    client: [],
    server: [],
    network: [],
    queueWait: [],
    firstSeenMs: (name.minute + 1) * MINUTE_MS - 1,
    lastSeenMs: name.minute * MINUTE_MS,
    buckets: new Map(),
    exemplars: [],
  }
}
