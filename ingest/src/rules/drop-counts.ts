import type { DropReason } from '@skein/schemas/api/log-rules'
import type { ReadyRule } from '@skein/schemas/rules/ready'
import type { RuleLine } from '@skein/schemas/rules/rule-line'
import { type Columns, encodeRows } from '../rows/encode-rows.ts'
import type { BuiltBlock } from '../rows/row-builder.ts'

/** Lines that rules did not let through, or that a rule did not judge, summed up by minute of the line, rule, version, reason and service. */
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
      return encodeRows('log_drops', rows, writeDrops)
    },
  }
}

function writeDrops(write: Columns<Sum>): void {
  write.text('tenant', ({ tenant }) => tenant)
  write.minute()
  write.text('rule', ({ rule }) => rule)
  write.word('version', ({ version }) => version)
  write.text('reason', ({ reason }) => reason)
  write.text('service', ({ service }) => service)
  write.integer('lines', ({ lines }) => lines)
  write.integer('bytes', ({ bytes }) => bytes)
}
