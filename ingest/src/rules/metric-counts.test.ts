import type { RuleAction } from '@skein/schemas/log-rule'
import { valueBucket } from '@skein/schemas/value-histogram'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readNative } from '../topology/native-for-tests.ts'
import { batchOfLines, type LineForTests, RECEIVED_MS, rulesOf, TIMES } from './batches-for-tests.ts'
import type { RuleStep } from '../logs/log-step.ts'
import { createRuleStep } from './rule-step.ts'

interface Row {
  lines: number
  folded: number
  missing: number
  noNumber: number
  nano: bigint
  least: number
  most: number
  buckets: Record<string, number>
}
type Sums = Record<string, Row>

const NAMES = ['minute', 'metric', 'rule', 'version', 'aggregation', 'service', 'environment', 'key_1', 'value_1', 'key_2', 'value_2']
const fresh = (): Row => ({ lines: 0, folded: 0, missing: 0, noNumber: 0, nano: 0n, least: Infinity, most: -Infinity, buckets: {} })

/** Adds the rows that a step has for the store to those there are, as the store does. */
function store(sums: Sums, step: RuleStep): void {
  for (const { table, block } of step.take()) {
    if (table !== 'log_metrics') continue
    const columns = readNative(block)
    const of = (name: string, at: number): unknown => columns[name]?.[at]
    const count = (name: string, at: number): number => Number.parseInt(String(of(name, at)), 16)
    columns['tenant']?.forEach((_, at) => {
      const row = (sums[JSON.stringify(NAMES.map((name) => of(name, at)))] ??= fresh())
      row.lines += count('lines', at)
      row.folded += count('folded', at)
      row.missing += count('missing', at)
      row.noNumber += count('no_number', at)
      row.nano += BigInt(Number(of('whole', at))) * 1_000_000_000n + BigInt(Number(of('nano', at)))
      row.least = Math.min(row.least, Number(of('least', at)))
      row.most = Math.max(row.most, Number(of('most', at)))
      for (const [bucket, lines] of of('buckets', at) as [number, number][]) row.buckets[bucket] = (row.buckets[bucket] ?? 0) + lines
    })
  }
}

const stepOf = (actions: readonly RuleAction[][]): RuleStep => {
  const step = createRuleStep(() => '', TIMES)
  step.learn([rulesOf(actions.map((each) => ({ match: '', actions: each })))])
  return step
}

const TOOK: RuleAction = { type: 'metric', name: 'took', aggregation: 'histogram', field: 'took', by: ['route'] }
const RULES: RuleAction[][] = [[TOOK, { type: 'metric', name: 'all', aggregation: 'count' }, { type: 'sample', by: 'line', percent: 0 }], [{ type: 'drop' }]]

// Without -0, which is 0 in a sum, but not to `toEqual`.
const numbers = fc
  .oneof(fc.double({ min: -1e12, max: 1e12, noNaN: true }), fc.integer({ min: -5, max: 5 }), fc.constantFrom(0.1, 0.2, 1e12, -1e12))
  .map((value) => value + 0)
const line = fc.record({
  took: fc.option(fc.oneof(numbers, fc.constantFrom('x', '3.25', true)), { nil: undefined }),
  route: fc.constantFrom('/a', '/b', 'other', ''),
  service: fc.constantFrom('epg', 'drm'),
  partition: fc.nat(2),
  afterMs: fc.nat(40_000),
})
type Given = Omit<typeof line extends fc.Arbitrary<infer Line> ? Line : never, 'afterMs'> & { receivedMs: number }

const asLine = ({ took, route, service, partition, receivedMs }: Given, offset: number): LineForTests => ({
  attributes: { ...(took === undefined ? {} : { took }), ...(route === '' ? {} : { route }) },
  ...{ body: 'x', service, partition, offset, receivedMs },
})

/** Every line by itself, the slow way. */
function reference(lines: readonly Given[]): Sums {
  const sums: Sums = {}
  for (const { took, route, service, receivedMs } of lines) {
    const minute = Math.floor(receivedMs / 60_000) * 60
    const counted = (sums[JSON.stringify([minute, 'all', 'r0', 1, 'count', service, 'prod', '', '', '', ''])] ??= fresh())
    counted.lines++
    const row = (sums[JSON.stringify([minute, 'took', 'r0', 1, 'histogram', service, 'prod', 'route', route, '', ''])] ??= fresh())
    row.lines++
    const value = took === '3.25' ? 3.25 : took
    if (value === undefined) row.missing++
    else if (typeof value !== 'number') row.noNumber++
    else {
      row.nano += BigInt(Math.trunc(value)) * 1_000_000_000n + BigInt(Math.round((value - Math.trunc(value)) * 1e9))
      row.least = Math.min(row.least, value)
      row.most = Math.max(row.most, value)
      row.buckets[valueBucket(value)] = (row.buckets[valueBucket(value)] ?? 0) + 1
    }
  }
  return sums
}

test('sums are those of every line by itself, however lines are cut into ranges and stand beside each other, and once after a kill', () => {
  fc.assert(
    fc.property(
      fc.array(line, { minLength: 1, maxLength: 25 }),
      fc.array(fc.nat(24), { maxLength: 4 }),
      fc.nat(24),
      fc.boolean(),
      (given, cuts, killAt, turned) => {
        let receivedMs = RECEIVED_MS
        const ordered = given.map(({ afterMs, ...each }) => ({ ...each, receivedMs: (receivedMs += afterMs) }))
        // lines of one moment in any order
        const lines = turned ? ordered.map((each) => ({ ...each, receivedMs: RECEIVED_MS })).reverse() : ordered
        const ends = [...new Set([...cuts.filter((cut) => cut < lines.length), lines.length])].sort((a, b) => a - b)
        const sums: Sums = {}
        let step = stepOf(RULES)
        let from = 0
        for (const end of ends) {
          const range = lines.slice(from, end)
          if (range.length > 0) {
            step.apply(batchOfLines(range.map((each, at) => asLine(each, from + at))), { emit: true })
            if (from <= killAt && killAt < end) {
              // killed before the range was stored: what is in memory is gone, the minute before is read again, then the same range
              step = stepOf(RULES)
              const again = lines
                .slice(0, from)
                .map(asLine)
                .filter((each) => (each.receivedMs ?? 0) >= (range[0]?.receivedMs ?? 0) - 60_000)
              step.apply(batchOfLines(again), { emit: false })
              step.apply(batchOfLines(range.map((each, at) => asLine(each, from + at))), { emit: true })
            }
            store(sums, step)
          }
          from = end
        }
        expect(sums).toEqual(reference(lines))
      },
    ),
    { numRuns: 60 },
  )
})

test('50 combinations a minute of the log’s time are told apart, what more there are is counted as other, the same after a restart', () => {
  const lineOf = (at: number, receivedMs: number): LineForTests => ({ attributes: { route: `/r${at % 60}`, took: 1 }, offset: at, receivedMs })
  const minute = Math.ceil(RECEIVED_MS / 60_000) * 60_000
  const lines = Array.from({ length: 240 }, (_, at) => lineOf(at, minute + (at < 120 ? at : 60_000 + at)))
  const whole: Sums = {}
  const through = stepOf(RULES)
  through.apply(batchOfLines(lines), { emit: true })
  store(whole, through)
  const rows = Object.entries(whole).filter(([name]) => name.includes('"took"'))
  expect(rows).toHaveLength(2 * 51)
  const folded = rows.filter(([, row]) => row.folded > 0)
  expect(folded.map(([name, row]) => [name.includes('"route","other"'), row.lines, row.folded])).toEqual([
    [true, 20, 20],
    [true, 20, 20],
  ])
  expect(rows.reduce((sum, [, row]) => sum + row.lines, 0)).toBe(240)

  const parts: Sums = {}
  const before = stepOf(RULES)
  before.apply(batchOfLines(lines.slice(0, 70)), { emit: true })
  store(parts, before)
  const after = stepOf(RULES)
  after.apply(batchOfLines(lines.slice(0, 70)), { emit: false })
  after.apply(batchOfLines(lines.slice(70)), { emit: true })
  store(parts, after)
  expect(parts).toEqual(whole)
})

test('what one range sums up is bounded: further services and values count as other', () => {
  const step = stepOf([[TOOK]])
  const sums: Sums = {}
  step.apply(batchOfLines(Array.from({ length: 10_100 }, (_, at) => ({ service: `s${at}`, attributes: { route: '/a', took: 1 } }))), { emit: true })
  store(sums, step)
  const other = Object.entries(sums).filter(([name]) => name.includes('"other","other","route","other"'))
  expect(Object.keys(sums)).toHaveLength(10_001)
  expect(other.map(([, row]) => [row.lines, row.folded])).toEqual([[100, 100]])
})
