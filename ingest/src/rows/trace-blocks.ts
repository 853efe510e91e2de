import { createNativeBlock } from '@skein/store/native/block'
import { StatusCode } from '@skein/schemas/otlp-wire'
import { TABLES } from '@skein/store/tables'
import type { SpanBatch } from '../decode/span-batch.ts'
import { viewOf } from '../decode/byte-interner.ts'
import { gather } from './span-block.ts'
import type { RowOrder } from './row-order.ts'

/** A row a run (bucket and trace) and a row a run and service. */
export interface TraceBlocks {
  traces: Uint8Array
  traceServices: { block: Uint8Array; rows: number }
}

/** Struct of arrays, one entry a run. */
interface Traces {
  first: Int32Array
  bucket: Int32Array
  tenant: Int32Array
  /** Two 32-bit halves each, low first. */
  start: Uint32Array
  end: Uint32Array
  spans: Uint32Array
  errors: Uint32Array
  hasRoot: Uint8Array
  rootService: Int32Array
  rootRow: Int32Array
  serviceEnd: Int32Array
}

/** One entry a run and service. */
interface TraceServices {
  run: number[]
  service: number[]
  error: number[]
}

export function writeTraceBlocks(batch: SpanBatch, order: RowOrder): TraceBlocks {
  const services = new Map<string, number>([['', 0]])
  const serviceOf = Int32Array.from(batch.resources, ({ service }) => {
    const index = services.get(service) ?? services.size
    services.set(service, index)
    return index
  })
  const { traces, perService } = summarise(batch, order, serviceOf)
  const dictionary = [...services.keys()]
  return {
    traces: tracesBlock(batch, order, { traces, perService, dictionary }),
    traceServices: { block: traceServicesBlock(batch, order, { traces, perService, dictionary }), rows: perService.run.length },
  }
}

function summarise(batch: SpanBatch, order: RowOrder, serviceOf: Int32Array): { traces: Traces; perService: TraceServices } {
  const { runs } = order
  const traces: Traces = {
    first: new Int32Array(runs),
    bucket: new Int32Array(runs),
    tenant: new Int32Array(runs),
    start: new Uint32Array(runs * 2),
    end: new Uint32Array(runs * 2),
    spans: new Uint32Array(runs),
    errors: new Uint32Array(runs),
    hasRoot: new Uint8Array(runs),
    rootService: new Int32Array(runs),
    rootRow: new Int32Array(runs),
    serviceEnd: new Int32Array(runs),
  }
  const perService: TraceServices = { run: [], service: [], error: [] }
  /** Service → 1 + its entry in the current run, found by looking whether that entry is of this run. */
  const entryOf = new Int32Array(batch.resources.length + 1)
  for (let run = 0; run < runs; run++) {
    const from = order.runStart[run] as number
    traces.first[run] = order.rows[from] as number
    traces.bucket[run] = order.bucket[from] as number
    traces.tenant[run] = order.tenant[from] as number
    summariseRun(batch, { order, run, traces })
    addServices(batch, { order, run, perService, serviceOf, entryOf })
    traces.serviceEnd[run] = perService.run.length
    if (traces.hasRoot[run] === 1) traces.rootService[run] = serviceOf[batch.resource[traces.rootRow[run] as number] as number] as number
  }
  return { traces, perService }
}

function summariseRun(batch: SpanBatch, context: { order: RowOrder; run: number; traces: Traces }): void {
  const { order, run, traces } = context
  const from = order.runStart[run] as number
  const to = order.runStart[run + 1] as number
  let errors = 0
  traces.start.fill(0xffffffff, run * 2, run * 2 + 2)
  for (let i = from; i < to; i++) {
    const row = order.rows[i] as number
    const low = batch.start[row * 2] as number
    const high = batch.start[row * 2 + 1] as number
    if (isBelow(low, high, traces.start, run)) {
      traces.start[run * 2] = low
      traces.start[run * 2 + 1] = high
    }
    const duration = batch.durationNs[row] as number
    const sum = low + (duration % 0x1_0000_0000)
    const endLow = sum >>> 0
    const endHigh = high + Math.floor(duration / 0x1_0000_0000) + (sum > 0xffffffff ? 1 : 0)
    if (!isBelow(endLow, endHigh, traces.end, run)) {
      traces.end[run * 2] = endLow
      traces.end[run * 2 + 1] = endHigh
    }
    if (batch.status[row] === StatusCode.error) errors++
    if (batch.parentId[row] === -1 && traces.hasRoot[run] === 0) {
      traces.hasRoot[run] = 1
      traces.rootRow[run] = row
    }
  }
  traces.spans[run] = to - from
  traces.errors[run] = errors
}

function isBelow(low: number, high: number, values: Uint32Array, at: number): boolean {
  const other = values[at * 2 + 1] as number
  return high === other ? low < (values[at * 2] as number) : high < other
}

function addServices(batch: SpanBatch, context: { order: RowOrder; run: number; perService: TraceServices; serviceOf: Int32Array; entryOf: Int32Array }): void {
  const { order, run, perService, serviceOf, entryOf } = context
  const to = order.runStart[run + 1] as number
  for (let i = order.runStart[run] as number; i < to; i++) {
    const row = order.rows[i] as number
    const service = serviceOf[batch.resource[row] as number] as number
    const error = batch.status[row] === StatusCode.error ? 1 : 0
    const entry = (entryOf[service] as number) - 1
    if (entry >= 0 && perService.run[entry] === run) {
      if (error === 1) perService.error[entry] = 1
      continue
    }
    entryOf[service] = perService.run.push(run)
    perService.service.push(service)
    perService.error.push(error)
  }
}

interface Blocks {
  traces: Traces
  perService: TraceServices
  dictionary: readonly string[]
}

function tracesBlock(batch: SpanBatch, order: RowOrder, { traces, perService, dictionary }: Blocks): Uint8Array {
  const block = createNativeBlock(TABLES.traces.columns, order.runs)
  const ranges = {
    bytes: batch.bytes,
    starts: Int32Array.from(traces.rootRow, (row, run) => (traces.hasRoot[run] === 1 ? (batch.nameStart[row] as number) : -1)),
    ends: Int32Array.from(traces.rootRow, (row) => batch.nameEnd[row] as number),
  }
  block.lowCardinality('tenant', order.tenants, traces.tenant)
  block.fixed('bucket', traces.bucket)
  block.fixed('trace_id', gather(viewOf(batch.bytes), batch.traceId, traces.first, 16))
  block.fixed('start_ns', traces.start)
  block.fixed('end_ns', traces.end)
  block.fixed('spans', traces.spans)
  block.fixed('errors', traces.errors)
  block.fixed('has_root', traces.hasRoot)
  block.lowCardinality('root_service', dictionary, traces.rootService)
  block.ranges('root_operation', ranges)
  block.lowCardinalityArrays('services', traces.serviceEnd, dictionary, Int32Array.from(perService.service))
  return block.finish()
}

function traceServicesBlock(batch: SpanBatch, order: RowOrder, { traces, perService, dictionary }: Blocks): Uint8Array {
  const rows = perService.run.length
  const runs = Int32Array.from(perService.run)
  const block = createNativeBlock(TABLES.trace_services.columns, rows)
  const pick = (values: Int32Array): Int32Array => runs.map((run) => values[run] as number)
  block.lowCardinality('tenant', order.tenants, pick(traces.tenant))
  block.lowCardinality('service', dictionary, Int32Array.from(perService.service))
  block.fixed('bucket', pick(traces.bucket))
  block.fixed('trace_id', gather(viewOf(batch.bytes), batch.traceId, pick(traces.first), 16))
  block.fixed('error', Uint8Array.from(perService.error))
  return block.finish()
}
