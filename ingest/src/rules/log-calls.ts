import { histogramBucket } from '@skein/schemas/histogram'
import type { RuleLine } from '@skein/schemas/rules/rule-line'
import type { FoundCall } from '@skein/schemas/rules/run'
import { EDGE_KINDS, EVIDENCE, type NodeKey } from '@skein/schemas/topology'
import { hostName } from '../facts/naming.ts'
import type { BuiltBlock } from '../rows/row-builder.ts'
import { addCount } from '../topology/accumulator.ts'
import { type Catalogue, createCatalogue, edgeDetail, edgeIndex, nodeIndex, scopeId, tenantId } from '../topology/catalogue.ts'
import { edgeBlocks } from '../topology/edge-blocks.ts'
import { addSeenCall, type SeenCall } from '../topology/exemplar-table.ts'
import { internText } from '../topology/intern.ts'
import { countCall, createRollup, edgeCell, EdgeCounter, edgeHistogram, EdgeHistogram, measureEdge, type Rollup } from '../topology/rollup.ts'

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
const HTTP = EDGE_KINDS.indexOf('http')
const LOG = EVIDENCE.indexOf('log')

/** Of one range. */
interface Calls {
  catalogue: Catalogue
  rollup: Rollup
  /** What a call names → its cell. */
  cells: Map<string, number>
}

interface Named {
  tenant: string
  minute: number
  place: Pick<NodeKey, 'environment' | 'cluster' | 'namespace'>
  caller: string
  upstream: string
  operation: string
}

export function createLogCalls(): LogCalls {
  let calls = noCalls()
  return {
    add({ tenant }, line, call) {
      const upstream = upstreamName(call.upstream)
      if (upstream === '') return
      const startMs = Number(line.timeNs / 1_000_000n)
      const { environment, cluster, namespace } = line
      const { caller, operation } = call
      const minute = Math.floor(startMs / MINUTE_MS)
      addCall(calls, cellOf(calls, { tenant, minute, place: { environment, cluster, namespace }, caller, upstream, operation }), line, { ...call, startMs })
    },
    take() {
      const { catalogue, rollup, cells } = calls
      if (cells.size === 0) return []
      calls = noCalls()
      return edgeBlocks(rollup, catalogue)
    },
  }
}

function noCalls(): Calls {
  return { catalogue: createCatalogue(), rollup: createRollup(), cells: new Map() }
}

/** Of too many edges the further ones lose their operation and upstream first, and of far too many their caller. */
function cellOf(calls: Calls, named: Named): number {
  const known = calls.cells.get(keyOf(named))
  if (known !== undefined) return known
  const { size } = calls.cells
  if (size < MAX_EDGES) return newCell(calls, named)
  const isFolded = named.upstream === OTHER && named.operation === ''
  if (!isFolded) return cellOf(calls, { ...named, upstream: OTHER, operation: '' })
  return size < MAX_EDGES * 2 || named.caller === OTHER ? newCell(calls, named) : cellOf(calls, { ...named, caller: OTHER })
}

function keyOf({ tenant, minute, place, caller, upstream, operation }: Named): string {
  return JSON.stringify([tenant, minute, place.environment, place.cluster, place.namespace, caller, upstream, operation])
}

function newCell({ catalogue, rollup, cells }: Calls, named: Named): number {
  const { tenant, minute, place, caller, upstream, operation } = named
  const scope = scopeId(catalogue, tenantId(catalogue, tenant), place.environment)
  const source = nodeIndex(catalogue, scope, { ...place, kind: 'service', name: caller })
  // as pairing calls a peer that only its caller speaks of: whose an address is, is decided when it is read
  const target = nodeIndex(catalogue, scope, { environment: place.environment, cluster: '', namespace: '', kind: 'external', name: upstream })
  const cell = edgeCell(rollup, edgeIndex(catalogue, source, target, edgeDetail(internText(catalogue.texts, operation), HTTP)), minute)
  cells.set(keyOf(named), cell)
  return cell
}

function addCall({ catalogue, rollup }: Calls, cell: number, line: RuleLine, call: FoundCall & { startMs: number }): void {
  countCall(rollup, cell, 1, LOG)
  if (call.error) addCount(rollup.edges, cell, EdgeCounter.errors, 1)
  measureEdge(rollup, edgeHistogram(cell, EdgeHistogram.client), histogramBucket(call.durationNs), 1)
  const detail = catalogue.edges.keys[rollup.edges.cells.keys[cell * 3]! * 3 + 2]!
  addSeenCall(rollup.exemplars, cell, seenCall(line, call, Math.floor(detail / EDGE_KINDS.length)))
}

/** A call of no trace is seen and no example: its duration counts as none. */
function seenCall({ traceId, spanId }: RuleLine, call: FoundCall & { startMs: number }, sourceOperation: number): SeenCall {
  const isExample = traceId !== ''
  const ids = isExample ? Buffer.from(`${traceId.padStart(32, '0')}${spanId.padStart(16, '0')}`, 'hex') : NO_IDS
  const word = (place: number): number => ids.readInt32LE(place * 4)
  return {
    ...{ startMs: call.startMs, durationNs: isExample ? call.durationNs : -1, error: isExample && call.error, sourceOperation, transit: 0 },
    ...{ trace0: word(0), trace1: word(1), trace2: word(2), trace3: word(3), id0: word(4), id1: word(5) },
  }
}

const NO_IDS = Buffer.alloc(24)

const KUBERNETES = /^([a-z0-9-]+)\.[a-z0-9-]+\.svc(?:\.[a-z0-9.-]+)?$/

/** `outbound|80||epg.tv.svc.cluster.local`, `http://epg:80/x`, `epg.tv.svc:80` → `epg`; an address stays one. Empty for a socket of the machine. */
export function upstreamName(upstream: string): string {
  const cluster = upstream.slice(upstream.lastIndexOf('|') + 1)
  if (cluster.startsWith('unix:')) return ''
  const scheme = cluster.indexOf('://')
  const host = hostName((scheme < 0 ? cluster : cluster.slice(scheme + 3)).split('/', 1)[0] ?? '')
  return KUBERNETES.exec(host)?.[1] ?? host
}
