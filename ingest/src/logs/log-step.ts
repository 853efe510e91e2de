import type { TenantRules } from '@skein/schemas/log-rule'
import type { StoredPattern } from '@skein/store/contract-log-patterns'
import type { PartitionCounts, RangeJob } from '../pipeline/range-job.ts'
import type { BuiltBlock } from '../rows/row-builder.ts'
import type { LogBatch } from './log-batch.ts'

/**
 * What looks at lines and changes them between decoding and rows: rules first, then patterns, so that nothing a rule takes out is ever stored.
 * What a step answers is a function of the batches so far: no clock, no randomness.
 */
export interface LogStep {
  /** Takes all rows of a batch in order; leaves alone those whose fate is not `kept`. With `emit: false` only memory is made. */
  apply(batch: LogBatch, options: { emit: boolean }): void
  /** Blocks of what was seen since the last call. */
  take(): BuiltBlock[]
  forget(topic: string, partition: number): void
}

/** Takes every kept row through the rules that held when its envelope was received, and tells what came of it. */
export interface RuleStep extends LogStep {
  apply(batch: LogBatch, options: Pick<RangeJob, 'emit' | 'elsewhere'>): void
  /** What the counts of other partitions changed in the last batch. */
  elsewhere(): PartitionCounts[]
  /** Rules of all tenants, before the rows they are to judge. */
  learn(rules: readonly TenantRules[]): void
}

/** The id (16 hex digits) of the pattern that a row would join as patterns are, '' when it would make a new one; changes nothing. */
export type PatternOf = (batch: LogBatch, row: number) => string

/** Gives each line the pattern of its body: a tree a (partition, tenant, service), whose templates are in the store and survive restarts. */
export interface PatternStep extends LogStep {
  /** Before the first record of a partition is looked at: its templates as they were before that record, in the order they were made. */
  restore(partition: number, patterns: readonly StoredPattern[]): void
  patternOf: PatternOf
  /** Gives kept rows the patterns that they would join as patterns are; changes no pattern. */
  recognise(batch: LogBatch): void
}
