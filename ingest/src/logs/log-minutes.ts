import { severityClass, SEVERITY_CLASSES } from '@skein/schemas/severity'
import { createNativeBlock } from '@skein/store/native/block'
import { TABLES } from '@skein/store/tables'
import { clearTuples, createTupleIndex, tupleId, type TupleIndex } from '../topology/tuple-index.ts'
import { growFloat64 } from '../decode/growth.ts'
import { dictionaryOf } from '../rows/dictionary.ts'
import type { BatchResource } from '../decode/span-batch.ts'
import { type LogBatch, secondsOf } from './log-batch.ts'
import type { LogOrder } from './log-order.ts'

/** Sums lines and bytes by minute. */
export interface LogMinutes {
  /** The block of table `log_minutes` for the rows of an order that is not empty. */
  write(batch: LogBatch, order: LogOrder): { block: Uint8Array; rows: number }
}

/** Who wrote lines. */
interface Writer {
  tenant: string
  environment: string
  cluster: string
  namespace: string
  service: string
}

interface Work {
  /** Minute, number of the writer and class; with the pattern it is a key. */
  heads: TupleIndex
  keys: TupleIndex
  lines: Float64Array
  bytes: Float64Array
}

const SECONDS_PER_MINUTE = 60
const CLASS_OF = Uint8Array.from({ length: 256 }, (_, severity) => SEVERITY_CLASSES.indexOf(severityClass(severity)))

export function createLogMinutes(): LogMinutes {
  const work: Work = { heads: createTupleIndex(), keys: createTupleIndex(), lines: new Float64Array(64), bytes: new Float64Array(64) }
  return {
    write(batch, order) {
      clearTuples(work.heads)
      clearTuples(work.keys)
      const writers = sumUp(work, batch, order)
      return { block: blockOf(work, writers), rows: work.keys.size }
    },
  }
}

function sumUp(work: Work, batch: LogBatch, order: LogOrder): Writer[] {
  const { heads, keys } = work
  const numberOf = createNumbering(batch, order)
  for (let at = 0; at < order.length; at++) {
    const row = order.rows[at] as number
    const minute = Math.floor(secondsOf(batch, row) / SECONDS_PER_MINUTE)
    const head = tupleId(heads, minute, numberOf.writer(row, at), CLASS_OF[batch.severity[row] as number] as number)
    const key = tupleId(keys, head, (batch.pattern[row * 2] as number) | 0, (batch.pattern[row * 2 + 1] as number) | 0)
    if (key >= work.lines.length) growSums(work)
    if (keys.size > numberOf.seen) {
      work.lines[key] = 0
      work.bytes[key] = 0
      numberOf.seen = keys.size
    }
    work.lines[key]! += 1
    work.bytes[key]! += (batch.bodyEnd[row] as number) - (batch.bodyStart[row] as number)
  }
  return numberOf.writers
}

function growSums(work: Work): void {
  for (const name of ['lines', 'bytes'] as const) work[name] = growFloat64(work[name], work[name].length + 1)
}

interface Numbering {
  writers: Writer[]
  /** Keys that have sums. */
  seen: number
  /** Number of who wrote a row. */
  writer(row: number, position: number): number
}

/** Rows side by side have one tenant and service, and few resources. */
function createNumbering(batch: LogBatch, order: LogOrder): Numbering {
  const known = new Map<string, number>()
  const writers: Writer[] = []
  /** Resource → its number, as far as it is of this tenant and service: what was noted for those before is stale. */
  const ofResource = new Int32Array(batch.resources.length)
  const notedFor = new Int32Array(batch.resources.length)
  let current = 0
  let tenant = -1
  let service = -1
  return {
    writers,
    seen: 0,
    writer(row, position) {
      if (order.tenant[position] !== tenant || order.service[position] !== service) {
        tenant = order.tenant[position] as number
        service = order.service[position] as number
        current++
      }
      const resource = batch.resource[row] as number
      if (notedFor[resource] === current) return ofResource[resource] as number
      const { environment, cluster, namespace } = batch.resources[resource] as BatchResource
      const fresh: Writer = { tenant: order.tenants[tenant] ?? '', environment, cluster, namespace, service: order.services[service] ?? '' }
      const text = JSON.stringify(fresh)
      const found = known.get(text) ?? writers.push(fresh) - 1
      known.set(text, found)
      ofResource[resource] = found
      notedFor[resource] = current
      return found
    },
  }
}

const WRITER_COLUMNS = ['environment', 'cluster', 'namespace', 'service'] as const

function blockOf({ heads, keys, lines, bytes }: Work, writers: readonly Writer[]): Uint8Array {
  const rows = keys.size
  const block = createNativeBlock(TABLES.log_minutes.columns, rows)
  const minutes = new Uint32Array(rows)
  const writer = new Int32Array(rows)
  const classes = new Uint8Array(rows)
  const patterns = new Int32Array(rows * 2)
  for (let key = 0; key < rows; key++) {
    const head = keys.keys[key * 3] as number
    minutes[key] = (heads.keys[head * 3] as number) * SECONDS_PER_MINUTE
    writer[key] = heads.keys[head * 3 + 1] as number
    classes[key] = heads.keys[head * 3 + 2] as number
    patterns[key * 2] = keys.keys[key * 3 + 1] as number
    patterns[key * 2 + 1] = keys.keys[key * 3 + 2] as number
  }
  const text = (column: 'tenant' | (typeof WRITER_COLUMNS)[number]): void => {
    const { dictionary, indexes } = dictionaryOf(writers.map((each) => each[column]))
    block.lowCardinality(
      column,
      dictionary,
      writer.map((number) => indexes[number] as number),
    )
  }
  text('tenant')
  block.fixed('minute', minutes)
  for (const column of WRITER_COLUMNS) text(column)
  block.lowCardinality('severity', SEVERITY_CLASSES, classes)
  block.fixed('pattern', patterns)
  block.integers('lines', lines.subarray(0, rows))
  block.integers('bytes', bytes.subarray(0, rows))
  return block.finish()
}
