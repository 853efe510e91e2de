import { Signal } from '@skein/schemas/envelope'
import { createLogDecoder, type LogDecoder } from '../logs/decode-logs.ts'
import type { LogLimits } from '../logs/decode-log.ts'
import { createFoundSeverities, type FoundSeverities } from '../logs/found-severities.ts'
import { createFoundTraces, type FoundTraces } from '../logs/found-traces.ts'
import { type LogBatch, LogFate, timeMsOf } from '../logs/log-batch.ts'
import { createLogRowBuilder, type LogRowBuilder } from '../logs/log-rows.ts'
import type { PatternStep, RuleStep } from '../logs/log-step.ts'
import { createSeenLines, type SeenLines } from '../logs/seen-lines.ts'
import type { PatternLimits } from '../patterns/pattern-step.ts'
import type { BuiltBlock } from '../rows/row-builder.ts'
import { createEnvelopeIntake, type EnvelopeIntake } from './envelope-intake.ts'
import type { Knowledge, RangeJob, RangeProcessor, RangeResult } from './range-job.ts'
import type { ShareCounter } from './share-counter.ts'

export interface LogProcessorOptions {
  limits: LogLimits
  /** For batch ids, for files and for other uids of one partition, each. */
  batchIdBytes: number
  trustsLog?: boolean
  /** For interned names, scopes, resources and severity texts, each. */
  internedBytes: number
  /** Lines without a severity have the one that they say in words; no line unless given. */
  severityFromText?: boolean
  /** Lines of no trace belong to the one that they say; no line unless given. */
  traceFromText?: boolean
  /** Another one judges records whose rows are made again: what the first counts is not to be changed by that. */
  createRules: () => RuleStep
  patterns: PatternStep
}

/** What a worker thread of logs is started with: all of it can be sent to one. */
export interface LogWorkerSettings {
  processor: Omit<LogProcessorOptions, 'createRules' | 'patterns'>
  patterns: PatternLimits
}

interface State {
  options: LogProcessorOptions
  intake: EnvelopeIntake
  decoder: LogDecoder
  severities: FoundSeverities
  traces: FoundTraces
  seen: SeenLines
  rules: RuleStep
  rows: LogRowBuilder
  knowledge: Knowledge
}

/** Envelopes of log records → blocks. Its answers are a function of the jobs so far: no clock, no randomness. */
export function createLogProcessor(options: LogProcessorOptions): RangeProcessor {
  const state: State = {
    options,
    intake: createEnvelopeIntake({ ...options, signal: Signal.logs }),
    decoder: createLogDecoder({ limits: options.limits, maxInternedBytes: options.internedBytes }),
    severities: createFoundSeverities(options.severityFromText ?? false),
    traces: createFoundTraces(options.traceFromText ?? false),
    seen: createSeenLines(options.batchIdBytes),
    rules: options.createRules(),
    rows: createLogRowBuilder(),
    knowledge: { scenarios: [], logRules: [] },
  }
  return {
    process: (job) => processJob(state, job),
    rebuild: (job) => rebuildRows(state, job),
    learn(knowledge) {
      state.knowledge = knowledge
      state.rules.learn(knowledge.logRules)
    },
    remember(topic, partition, memory, logTimeMs) {
      state.intake.remember(topic, partition, memory.batchIds, logTimeMs)
      state.seen.remember(topic, partition, memory.logFiles ?? [])
      options.patterns.restore(partition, memory.logPatterns ?? [])
    },
    forget(topic, partition) {
      for (const each of [state.intake, state.seen, state.rules, options.patterns]) each.forget(topic, partition)
    },
  }
}

function processJob(state: State, job: RangeJob): RangeResult {
  const { intake, seen, severities, traces, rules } = state
  const { patterns } = state.options
  const { accepted, counting } = intake.accept(job)
  const { counter, repeats, dead } = counting
  const { batch, malformed } = state.decoder.decode(accepted)
  intake.bury(accepted, malformed, counting)
  seen.mark(batch)
  severities.find(batch)
  traces.find(batch)
  rules.apply(batch, job)
  patterns.apply(batch, job)
  const files = seen.takeFiles()
  const told = { repeats, logTimes: intake.logTimes(job), forgottenIds: intake.forgottenIds(), heldBytes: 0 }
  if (!job.emit) return { blocks: [], shares: [], drops: [], dead: [], ...told }
  for (const read of files) counter.files(read)
  countLines(batch, counter)
  dead.push(...unredacted(batch))
  const blocks = [...state.rows.build(batch), ...rules.take(), ...patterns.take()]
  return { blocks, shares: counter.shares(), drops: counter.drops(), dead, elsewhere: rules.elsewhere(), ...told }
}

/**
 * Lines that repeat one before, or that a rule keeps by number, cannot be told here: they become rows. What is redacted stays so. Rules and resources
 * begin from nothing, so that every part of a range is made as if it were made alone.
 */
function rebuildRows({ options, knowledge, intake, decoder, severities, traces }: State, job: RangeJob): BuiltBlock[] {
  const rules = options.createRules()
  rules.learn(knowledge.logRules)
  const { batch } = decoder.decode(intake.again(job))
  severities.find(batch)
  traces.find(batch)
  rules.apply(batch, { emit: false })
  options.patterns.recognise(batch)
  return createLogRowBuilder().build(batch)
}

/** Counts lines that will be seen, that repeat one before, and that must not be stored; those that a rule dropped are counted by it. */
function countLines(batch: LogBatch, counter: ShareCounter): void {
  const { envelopes, envelope, fate } = batch
  const counts = LINE_FATES.map(() => new Int32Array(envelopes.length))
  const newestMs = new Float64Array(envelopes.length)
  for (let row = 0; row < batch.length; row++) {
    const number = envelope[row] as number
    counts[fate[row] as number]![number]! += 1
    newestMs[number] = Math.max(newestMs[number] as number, timeMsOf(batch, row))
  }
  envelopes.forEach((from, number) => {
    counter.visible(from, counts[LogFate.kept]?.[number] ?? 0, (newestMs[number] ?? 0) * 1000)
    const repeated = counts[LogFate.repeat]?.[number] ?? 0
    if (repeated > 0) counter.dropped(from, 'repeat', { reason: 'repeat_record', requests: 0, records: repeated, bytes: 0 })
    const dead = counts[LogFate.dead]?.[number] ?? 0
    if (dead > 0) counter.dropped(from, 'dead', { reason: 'rule_failed', requests: 0, records: dead, bytes: 0 })
  })
}

/** The envelopes of lines that could not be redacted: nothing of these lines is stored, and nothing is lost. */
function unredacted({ envelopes, envelope, fate, length }: LogBatch): RangeResult['dead'] {
  const failed = new Set<number>()
  for (let row = 0; row < length; row++) if (fate[row] === LogFate.dead) failed.add(envelope[row] as number)
  return [...failed].map((number) => ({ partition: envelopes[number]!.partition, offset: envelopes[number]!.offset, reason: 'rule' as const }))
}

const LINE_FATES = Object.values(LogFate)
