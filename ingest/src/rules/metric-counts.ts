import { OTHER_VALUE } from '@skein/schemas/log-rule'
import type { ReadyRule } from '@skein/schemas/rules/ready'
import type { RuleLine } from '@skein/schemas/rules/rule-line'
import type { FoundMetric } from '@skein/schemas/rules/run'
import { valueBucket } from '@skein/schemas/value-histogram'
import { type Columns, encodeRows } from '../rows/encode-rows.ts'
import type { BuiltBlock } from '../rows/row-builder.ts'

/** What lines count for metrics, summed up by minute of the line, rule, version, service, environment and values of `by`. */
export interface MetricCounts {
  add(counted: Counted): void
  /** The block of table `log_metrics`; none for none. */
  take(): BuiltBlock[]
}

export interface Counted {
  tenant: string
  /** As it is at the action's place. */
  line: RuleLine
  rule: Pick<ReadyRule, 'id' | 'version'>
  found: FoundMetric
  /** Its values are not told apart any more. */
  folded: boolean
}

interface SumOf {
  tenant: string
  metric: string
  minute: number
  rule: string
  version: number
  aggregation: string
  service: string
  environment: string
  keys: readonly string[]
  values: readonly string[]
}

interface Sum extends SumOf {
  lines: number
  folded: number
  missing: number
  noNumber: number
  /** Of the numbers, in billionths. */
  nano: bigint
  least: number
  most: number
  buckets: Map<number, number>
}

/** Of one range; further services and values count together, as further names do everywhere. */
const MAX_SUMS = 10_000
const MINUTE_NS = 60_000_000_000n
const NANO = 1_000_000_000n

export function createMetricCounts(): MetricCounts {
  let sums = new Map<string, Sum>()
  return {
    add(counted) {
      const exact = nameOf(counted)
      const known = sums.get(keyOf(exact))
      const isFull = known === undefined && sums.size >= MAX_SUMS
      const name = isFull ? { ...exact, service: OTHER_VALUE, environment: OTHER_VALUE, values: exact.keys.map(() => OTHER_VALUE) } : exact
      const sum = known ?? sums.get(keyOf(name)) ?? newSum(name)
      addLine(sum, counted.found)
      if (counted.folded || (isFull && exact.keys.length > 0)) sum.folded++
      sums.set(keyOf(name), sum)
    },
    take() {
      const rows = [...sums.values()]
      sums = new Map()
      return encodeRows('log_metrics', rows, writeRows)
    },
  }
}

function nameOf({ tenant, line, rule, found: { metric, by }, folded }: Counted): SumOf {
  return {
    tenant,
    metric: metric.name,
    minute: Number(line.timeNs / MINUTE_NS),
    rule: rule.id,
    version: rule.version,
    aggregation: metric.aggregation,
    service: line.service,
    environment: line.environment,
    keys: metric.by ?? [],
    values: folded ? by.map(() => OTHER_VALUE) : by,
  }
}

function keyOf({ tenant, metric, minute, rule, version, service, environment, values }: SumOf): string {
  return JSON.stringify([tenant, metric, minute, rule, version, service, environment, values])
}

function newSum(name: SumOf): Sum {
  const none = { lines: 0, folded: 0, missing: 0, noNumber: 0, nano: 0n }
  return { ...name, ...none, least: Number.POSITIVE_INFINITY, most: Number.NEGATIVE_INFINITY, buckets: new Map() }
}

function addLine(sum: Sum, { metric, value }: FoundMetric): void {
  sum.lines++
  if (value === 'missing') sum.missing++
  else if (value === 'no_number') sum.noNumber++
  else if (value !== 'none') addNumber(sum, value, metric.aggregation === 'histogram')
}

function addNumber(sum: Sum, value: number, isHistogram: boolean): void {
  const whole = Math.trunc(value)
  sum.nano += BigInt(whole) * NANO + BigInt(Math.round((value - whole) * 1e9))
  sum.least = Math.min(sum.least, value)
  sum.most = Math.max(sum.most, value)
  if (!isHistogram) return
  const bucket = valueBucket(value)
  sum.buckets.set(bucket, (sum.buckets.get(bucket) ?? 0) + 1)
}

function writeRows(write: Columns<Sum>): void {
  write.text('tenant', (row) => row.tenant)
  write.text('metric', (row) => row.metric)
  write.minute()
  write.text('rule', (row) => row.rule)
  write.word('version', (row) => row.version)
  write.text('aggregation', (row) => row.aggregation)
  write.text('service', (row) => row.service)
  write.text('environment', (row) => row.environment)
  for (const at of [0, 1]) {
    write.text(`key_${at + 1}`, (row) => row.keys[at] ?? '')
    write.text(`value_${at + 1}`, (row) => row.values[at] ?? '')
  }
  write.integer('lines', (row) => row.lines)
  write.integer('folded', (row) => row.folded)
  write.integer('missing', (row) => row.missing)
  write.integer('no_number', (row) => row.noNumber)
  write.integer('whole', (row) => Number(row.nano / NANO))
  write.integer('nano', (row) => Number(row.nano % NANO))
  write.float('least', (row) => row.least)
  write.float('most', (row) => row.most)
  write.buckets('buckets', (row) => [...row.buckets].sort(([a], [b]) => a - b))
}
