import { growInt32 } from '../decode/growth.ts'
import { BUCKET_SECONDS, type BucketOrder } from '../rows/row-order.ts'
import { type LogBatch, LogFate, secondsOf, serviceOf } from './log-batch.ts'

/** Kept rows in the order of table `logs`: tenant, bucket, service, time, seq. Arrays are reused by the next call. */
export interface LogOrder extends BucketOrder {
  /** Position → index into `services`. */
  service: Int32Array
  services: string[]
}

export interface LogSorter {
  sort(batch: LogBatch): LogOrder
}

/** Rows of one tenant, bucket and service. */
interface Group {
  tenant: string
  bucket: number
  service: string
  rows: number
}

interface Scratch {
  /** Row → number of its group. */
  group: Int32Array
  spare: Int32Array
  /** First positions of runs that are in order. */
  runs: Int32Array
}

export function createLogSorter(): LogSorter {
  const none = (): Int32Array => new Int32Array(0)
  const order: LogOrder = {
    length: 0,
    rows: none(),
    logRows: none(),
    placeOf: none(),
    bucket: none(),
    tenant: none(),
    tenants: [],
    service: none(),
    services: [],
  }
  const scratch: Scratch = { group: none(), spare: none(), runs: none() }
  return {
    sort(batch) {
      reserve(order, scratch, batch.length)
      const groups = collect(batch, order, scratch)
      place(batch, order, { scratch, groups })
      for (let at = 0; at < order.length; at++) order.placeOf[order.rows[at] as number] = at
      return order
    },
  }
}

function reserve(order: LogOrder, scratch: Scratch, rows: number): void {
  if (rows <= order.rows.length) return
  order.rows = growInt32(order.rows, rows)
  const size = order.rows.length
  for (const name of ['logRows', 'placeOf', 'bucket', 'tenant', 'service'] as const) order[name] = new Int32Array(size)
  scratch.group = new Int32Array(size)
  scratch.spare = new Int32Array(size)
  scratch.runs = new Int32Array(size + 1)
}

/** Lists the kept rows with their group, in log order. */
function collect(batch: LogBatch, order: LogOrder, scratch: Scratch): Group[] {
  const groups: Group[] = []
  const known = new Map<string, number>()
  const { fate, envelope, resource, service } = batch
  let length = 0
  let last = { envelope: -1, resource: -1, service: -1, bucket: -1, group: -1 }
  for (let row = 0; row < batch.length; row++) {
    if (fate[row] !== LogFate.kept) continue
    const bucket = bucketAt(batch, row)
    if (envelope[row] !== last.envelope || resource[row] !== last.resource || service[row] !== last.service || bucket !== last.bucket) {
      const wanted = { tenant: batch.envelopes[envelope[row] as number]?.tenant ?? '', bucket, service: serviceOf(batch, row), rows: 0 }
      const key = `${bucket} ${wanted.tenant.length} ${wanted.tenant}${wanted.service}`
      const group = known.get(key) ?? groups.push(wanted) - 1
      known.set(key, group)
      last = { envelope: envelope[row] as number, resource: resource[row] as number, service: service[row] as number, bucket, group }
    }
    const group = groups[last.group] as Group
    group.rows++
    order.logRows[length++] = row
    scratch.group[row] = last.group
  }
  order.length = length
  return groups
}

function bucketAt(batch: LogBatch, row: number): number {
  return Math.floor(secondsOf(batch, row) / BUCKET_SECONDS) * BUCKET_SECONDS
}

/** Puts the rows of each group side by side, the groups in their order, and sorts each by time. */
function place(batch: LogBatch, order: LogOrder, { scratch, groups }: { scratch: Scratch; groups: readonly Group[] }): void {
  const sorted = (values: Iterable<string>): string[] => [...new Set(values)].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
  order.tenants = sorted(groups.map(({ tenant }) => tenant))
  order.services = sorted(groups.map(({ service }) => service))
  const tenantNumber = new Map(order.tenants.map((tenant, i) => [tenant, i]))
  const serviceNumber = new Map(order.services.map((service, i) => [service, i]))
  const ranked = groups.map((group, number) => ({
    ...group,
    number,
    tenantNumber: tenantNumber.get(group.tenant) ?? 0,
    serviceNumber: serviceNumber.get(group.service) ?? 0,
  }))
  ranked.sort((a, b) => a.tenantNumber - b.tenantNumber || a.bucket - b.bucket || a.serviceNumber - b.serviceNumber)
  const next = new Int32Array(groups.length)
  let at = 0
  for (const group of ranked) {
    next[group.number] = at
    const end = at + group.rows
    order.bucket.fill(group.bucket, at, end)
    order.tenant.fill(group.tenantNumber, at, end)
    order.service.fill(group.serviceNumber, at, end)
    at = end
  }
  for (let i = 0; i < order.length; i++) {
    const row = order.logRows[i] as number
    const group = scratch.group[row] as number
    order.rows[next[group]!++] = row
  }
  at = 0
  for (const { rows } of ranked) {
    sortByTime(batch, order, { scratch, from: at, to: at + rows })
    at += rows
  }
}

/** Rows come in log order, in which those of one source are in order of time as a rule: runs that are in order are merged, rows of one time stay as they come. */
function sortByTime(batch: LogBatch, order: LogOrder, { scratch, from, to }: { scratch: Scratch; from: number; to: number }): void {
  const { runs } = scratch
  let count = 0
  runs[count++] = from
  for (let at = from + 1; at < to; at++) if (isBefore(batch, order.rows[at] as number, order.rows[at - 1] as number)) runs[count++] = at
  runs[count] = to
  let rows = order.rows
  let spare = scratch.spare
  while (count > 1) {
    let merged = 0
    for (let run = 0; run < count; run += 2) {
      const start = runs[run] as number
      const middle = runs[run + 1] as number
      const end = run + 1 < count ? (runs[run + 2] as number) : middle
      mergeRuns(batch, { rows, spare }, { start, middle, end })
      runs[merged++] = start
    }
    runs[merged] = to
    count = merged
    const other = rows
    rows = spare
    spare = other
  }
  if (rows !== order.rows) order.rows.set(rows.subarray(from, to), from)
}

function mergeRuns(batch: LogBatch, { rows, spare }: { rows: Int32Array; spare: Int32Array }, run: { start: number; middle: number; end: number }): void {
  let left = run.start
  let right = run.middle
  for (let at = run.start; at < run.end; at++) {
    const takeRight = left >= run.middle || (right < run.end && isBefore(batch, rows[right] as number, rows[left] as number))
    spare[at] = rows[takeRight ? right++ : left++] as number
  }
}

function isBefore({ timeHigh, timeLow }: LogBatch, a: number, b: number): boolean {
  const high = (timeHigh[a] as number) - (timeHigh[b] as number)
  return high < 0 || (high === 0 && (timeLow[a] as number) < (timeLow[b] as number))
}
