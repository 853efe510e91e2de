import { Signal } from '@skein/schemas/envelope'
import type { DecodedBatch } from '../decode/batch-arrays.ts'
import { createSpanDecoder, type SpanDecoder } from '../decode/decode-spans.ts'
import type { DecodeLimits } from '../decode/decode-state.ts'
import { createStepRows, type StepRows } from '../scenarios/step-rows.ts'
import { type BuiltBlock, createRowBuilder, type RowBuilder } from '../rows/row-builder.ts'
import type { StoredSpans, TraceLookUp } from '../topology/look-up.ts'
import type { TopologyOptions } from '../topology/topology-state.ts'
import { type Counting, createEnvelopeIntake, type EnvelopeIntake } from './envelope-intake.ts'
import type { FoundSpans } from './found-spans.ts'
import type { RangeJob, RangeProcessor, RangeResult } from './range-job.ts'
import type { ShareCounter } from './share-counter.ts'
import { createStoredReader } from './stored-batch.ts'
import type { PathStep, TopologyStep } from './topology-step.ts'

export interface RangeProcessorOptions {
  limits: DecodeLimits
  /** For batch ids of one partition. */
  batchIdBytes: number
  trustsLog?: boolean
  /** For interned names, scopes and resources, each. */
  internedBytes: number
  topology: TopologyStep
  paths: PathStep
}

/** What a worker thread is started with: all of it can be sent to one. */
export interface WorkerSettings {
  processor: Omit<RangeProcessorOptions, 'topology' | 'paths'>
  topology: TopologyOptions
  paths: { maxSpansPerPartition: number }
}

interface State {
  options: RangeProcessorOptions
  intake: EnvelopeIntake
  decoder: SpanDecoder
  /** Of its own, since a job that was prepared may wait meanwhile. */
  rebuilding: SpanDecoder | null
  readStored: (found: FoundSpans) => StoredSpans
  prepared: Prepared | null
  rows: RowBuilder
  steps: StepRows
}

/** Envelopes → blocks. Its answers are a function of the jobs so far: no clock, no randomness. */
export function createRangeProcessor(options: RangeProcessorOptions): RangeProcessor {
  const state: State = {
    options,
    intake: createEnvelopeIntake({ ...options, signal: Signal.traces }),
    decoder: createSpanDecoder({ limits: options.limits, maxInternedBytes: options.internedBytes }),
    rebuilding: null,
    readStored: createStoredReader({ limits: options.limits, maxInternedBytes: options.internedBytes }),
    prepared: null,
    rows: createRowBuilder(),
    steps: createStepRows(),
  }
  return {
    prepare: (job) => prepareJob(state, job),
    process: (job, found) => processJob(state, job, found),
    rebuild: (job) => rebuildRows(state, job),
    learn: ({ scenarios }) => state.steps.learn(scenarios),
    remember: (topic, partition, { batchIds }, logTimeMs) => state.intake.remember(topic, partition, batchIds, logTimeMs),
    forget(topic, partition) {
      state.intake.forget(topic, partition)
      options.topology.forget(topic, partition)
      options.paths.forget(topic, partition)
    },
  }
}

/** A job whose spans are in the decoder's memory. */
interface Prepared extends Counting {
  job: RangeJob
  batch: DecodedBatch
}

function prepareJob(state: State, job: RangeJob): TraceLookUp[] {
  state.prepared = decodeJob(state, job)
  return state.options.topology.wants(state.prepared.batch)
}

function decodeJob(state: State, job: RangeJob): Prepared {
  const { accepted, counting } = state.intake.accept(job)
  const { batch, malformed } = state.decoder.decode(accepted)
  state.intake.bury(accepted, malformed, counting)
  return { job, batch, ...counting }
}

function processJob(state: State, job: RangeJob, found: FoundSpans | undefined): RangeResult {
  const { batch, counter, repeats, dead } = state.prepared?.job === job ? state.prepared : decodeJob(state, job)
  state.prepared = null
  const { topology, paths } = state.options
  const repeat = topology.add(batch, { emit: job.emit, ...(found === undefined ? {} : { stored: state.readStored(found) }) })
  paths.add(batch, repeat, { emit: job.emit })
  const logTimes = state.intake.logTimes(job)
  const forgottenIds = state.intake.forgottenIds()
  if (!job.emit) return { blocks: [], shares: [], drops: [], repeats, dead: [], logTimes, forgottenIds, heldBytes: paths.sumBytes() }
  countRows(batch, repeat, counter)
  const sums = job.holdsSums ? [] : paths.take().blocks
  const blocks = [...state.rows.build(batch, repeat), ...state.steps.build(batch, repeat), ...topology.take().blocks, ...sums]
  return { blocks, shares: counter.shares(), drops: counter.drops(), repeats, dead, logTimes, forgottenIds, heldBytes: paths.sumBytes() }
}

/** Spans that repeat one before cannot be told here: they become rows, and readers fold rows of one span id. Resources are written whenever they were. */
function rebuildRows(state: State, job: RangeJob): BuiltBlock[] {
  state.rebuilding ??= createSpanDecoder({ limits: state.options.limits, maxInternedBytes: state.options.internedBytes })
  const { batch } = state.rebuilding.decode(state.intake.again(job))
  const repeat = new Uint8Array(batch.length)
  return [...createRowBuilder().build(batch, repeat), ...state.steps.build(batch, repeat)]
}

/** Counts rows that will be seen and repeated spans, by envelope first: rows are many, envelopes few. */
function countRows(batch: DecodedBatch, repeat: Uint8Array, counter: ShareCounter): void {
  const { envelopes, envelope, startUs } = batch
  const visible = new Int32Array(envelopes.length)
  const repeated = new Int32Array(envelopes.length)
  const newestUs = new Float64Array(envelopes.length)
  for (let row = 0; row < batch.length; row++) {
    const number = envelope[row] as number
    if (repeat[row] === 1) repeated[number] = (repeated[number] as number) + 1
    else visible[number] = (visible[number] as number) + 1
    if ((startUs[row] as number) > (newestUs[number] as number)) newestUs[number] = startUs[row] as number
  }
  envelopes.forEach((from, number) => {
    if (from.linkedCopy) return
    counter.visible(from, visible[number] ?? 0, newestUs[number] ?? 0)
    const records = repeated[number] ?? 0
    if (records > 0) counter.dropped(from, 'repeat', { reason: 'repeat_span', requests: 0, records, bytes: 0 })
  })
}
