import type { DropReason } from '@skein/schemas/api/log-rules'
import type { ReadyRule } from '@skein/schemas/rules/ready'
import type { RuleLine } from '@skein/schemas/rules/rule-line'
import { createNativeBlock } from '@skein/store/native/block'
import { TABLES } from '@skein/store/tables'
import type { BuiltBlock } from '../rows/row-builder.ts'

/** Lines that rules did not let through, summed up by minute of the line, rule, version, reason and service. */
export interface DropCounts {
  add(drop: Drop): void
  /** The block of table `log_drops`; none for none. */
  take(): BuiltBlock[]
}

export interface Drop {
  tenant: string
  /** As it came to the rule. */
  line: RuleLine
  rule: Pick<ReadyRule, 'id' | 'version'>
  reason: DropReason
  /** Of the body as it came to the rule, which is what storing the line would have taken. */
  bytes: number
}

interface Sum {
  tenant: string
  minute: number
  rule: string
  version: number
  reason: DropReason
  service: string
  lines: number
  bytes: number
}

/** Of one range; further services count together, as further names do everywhere. */
const MAX_SUMS = 10_000
const OTHER = 'other'
const MINUTE_NS = 60_000_000_000n
const MINUTES_PER_DAY = 1440

export function createDropCounts(): DropCounts {
  let sums = new Map<string, Sum>()
  return {
    add({ tenant, line, rule, reason, bytes }) {
      const minute = Number(line.timeNs / MINUTE_NS)
      const keyOf = (service: string): string => `${minute} ${rule.id} ${rule.version} ${reason} ${tenant} ${service}`
      const known = sums.get(keyOf(line.service))
      const service = known === undefined && sums.size >= MAX_SUMS ? OTHER : line.service
      const sum = known ?? sums.get(keyOf(service)) ?? { tenant, minute, rule: rule.id, version: rule.version, reason, service, lines: 0, bytes: 0 }
      sum.lines++
      sum.bytes += bytes
      sums.set(keyOf(service), sum)
    },
    take() {
      const rows = [...sums.values()]
      sums = new Map()
      return rows.length === 0 ? [] : [dropBlock(rows)]
    },
  }
}

function dropBlock(rows: readonly Sum[]): BuiltBlock {
  const block = createNativeBlock(TABLES.log_drops.columns, rows.length)
  const text = (column: string, values: readonly string[]): void => {
    const dictionary = [...new Set(values)]
    const places = new Map(dictionary.map((value, at) => [value, at]))
    const indexes = Uint32Array.from(values, (value) => places.get(value) ?? 0)
    block.lowCardinality(column, dictionary, indexes)
  }
  const of = <Key extends keyof Sum>(key: Key): Sum[Key][] => rows.map((row) => row[key])
  text('tenant', of('tenant'))
  block.fixed(
    'minute',
    Uint32Array.from(rows, ({ minute }) => minute * 60),
  )
  text('rule', of('rule'))
  block.fixed('version', Uint32Array.from(of('version')))
  text('reason', of('reason'))
  text('service', of('service'))
  block.integers('lines', of('lines'))
  block.integers('bytes', of('bytes'))
  const days = [...new Set(rows.map(({ minute }) => Math.floor(minute / MINUTES_PER_DAY)))].sort((a, b) => a - b)
  return { table: 'log_drops', block: block.finish(), rows: rows.length, days }
}
