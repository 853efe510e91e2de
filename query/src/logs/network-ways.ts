import { PROBE_FROM_LABEL, PROBE_TO_LABEL, ProbeAttribute } from '@skein/schemas/agent-probe'
import type { NetworkWay, ProbeMeasureAnswer } from '@skein/schemas/api/network-probes'
import type { LogRow } from '@skein/store/contract-logs'
import { isoTime } from '../window.ts'

type Attributes = ReadonlyMap<string, LogRow['attributes'][number][1]>

/** Measures of a way, and whether more of it is better. */
const MEASURES = {
  connectMs: 'less',
  httpP50Ms: 'less',
  httpP95Ms: 'less',
  requestsPerSecond: 'more',
  downBytesPerSecond: 'more',
  upBytesPerSecond: 'more',
} as const
type Measure = keyof typeof MEASURES

interface Gathering {
  from: string
  to: string
  nodes: Set<string>
  probes: number
  failed: number
  newest: LogRow
  error: string | null
  values: Record<Measure, number[]>
}

export interface Ways {
  ways: NetworkWay[]
  labels: string[]
  /** Probes that lack the label at one end. */
  unlabelled: number
}

/** Records of probes, newest first, put together by node or by a label of both ends. */
export function networkWays(rows: readonly LogRow[], by: string): Ways {
  const gathered = new Map<string, Gathering>()
  const labels = new Set<string>()
  let unlabelled = 0
  for (const row of rows) {
    const attributes: Attributes = new Map(row.attributes)
    for (const label of labelsOf(attributes)) labels.add(label)
    const [from, to] = by === 'node' ? [ProbeAttribute.from, ProbeAttribute.to] : [`${PROBE_FROM_LABEL}${by}`, `${PROBE_TO_LABEL}${by}`]
    const ends = { from: textOf(attributes, from), to: textOf(attributes, to) }
    if (ends.from === '' || ends.to === '') unlabelled++
    const key = JSON.stringify(ends)
    const way = gathered.get(key) ?? newWay(ends, row)
    gathered.set(key, way)
    add(way, attributes)
  }
  const ways = [...gathered.values()].map(answerOf).toSorted((a, b) => compare(a.from, b.from) || compare(a.to, b.to))
  return { ways, labels: [...labels].toSorted(compare), unlabelled }
}

function newWay(ends: { from: string; to: string }, newest: LogRow): Gathering {
  const values = { connectMs: [], httpP50Ms: [], httpP95Ms: [], requestsPerSecond: [], downBytesPerSecond: [], upBytesPerSecond: [] }
  return { ...ends, nodes: new Set(), probes: 0, failed: 0, newest, error: null, values }
}

function add(way: Gathering, attributes: Attributes): void {
  way.probes++
  way.nodes.add(JSON.stringify([textOf(attributes, ProbeAttribute.from), textOf(attributes, ProbeAttribute.to)]))
  if (Number(attributes.get(ProbeAttribute.errors) ?? 0) > 0) {
    way.failed++
    way.error ??= textOf(attributes, ProbeAttribute.error)
  }
  for (const measure of Object.keys(MEASURES) as Measure[]) {
    const value = attributes.get(ProbeAttribute[measure])
    if (typeof value === 'number' && Number.isFinite(value)) way.values[measure].push(value)
  }
}

function answerOf({ from, to, nodes, probes, failed, newest, error, values }: Gathering): NetworkWay {
  return {
    from,
    to,
    ways: nodes.size,
    probes,
    failed,
    error,
    newest: isoTime(Number(BigInt(newest.timeNs) / 1_000_000n)),
    connectMs: measureOf('connectMs', values),
    httpP50Ms: measureOf('httpP50Ms', values),
    httpP95Ms: measureOf('httpP95Ms', values),
    requestsPerSecond: measureOf('requestsPerSecond', values),
    downBytesPerSecond: measureOf('downBytesPerSecond', values),
    upBytesPerSecond: measureOf('upBytesPerSecond', values),
  }
}

function measureOf(measure: Measure, all: Gathering['values']): ProbeMeasureAnswer {
  const better = MEASURES[measure]
  const sorted = all[measure].toSorted((a, b) => (better === 'less' ? a - b : b - a))
  const last = sorted.length - 1
  if (last < 0) return null
  const at = (index: number): number => sorted[index] ?? 0
  return { samples: sorted.length, median: (at(Math.floor(last / 2)) + at(Math.ceil(last / 2))) / 2, p95: at(Math.ceil(sorted.length * 0.95) - 1) }
}

function labelsOf(attributes: Attributes): string[] {
  const prefixes = [PROBE_FROM_LABEL, PROBE_TO_LABEL]
  return [...attributes.keys()].flatMap((name) => prefixes.filter((prefix) => name.startsWith(prefix)).map((prefix) => name.slice(prefix.length)))
}

function textOf(attributes: Attributes, name: string): string {
  const value = attributes.get(name)
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
