import { z } from 'zod'
import { MAX_PIPELINES, MAX_RULES, pipelineDefinition, ruleDefinition, ruleId } from '../log-rule.ts'
import { noteOf } from './note.ts'
import { attributeValue } from './traces.ts'
import { windowAnswer, windowParameters } from './window.ts'

export const ruleView = z
  .object({
    id: z.string(),
    version: z.number().int().meta({ description: 'Grows with every change' }),
    /** Id of the pipeline it is in. */
    pipeline: z.string(),
    definition: ruleDefinition,
    createdAt: z.string(),
    updatedAt: z.string(),
    /** Records received from here on are judged by it. */
    effectiveFrom: z.string(),
  })
  .meta({ id: 'LogRule' })
export type RuleView = z.infer<typeof ruleView>

/** `unreadable_rule`: an entry of the file or store that is no rule does nothing. `broken_rule`: switched off for what remained of a minute because it failed or took too long; count = lines it did not judge. `counted_rule`: it counts lines, and counts other ones when a part is looked at. `counted_apart`: as lines come in, each of several workers counts for itself. `already_dropped`: what the rule dropped before cannot be looked at. `told_before`: markers, edges and metrics of rules before one that redacts have what it would redact. */
export const RULE_NOTES = [
  'unreadable_rule',
  'broken_rule',
  'dead_letters',
  'part_looked_at',
  'counted_rule',
  'counted_apart',
  'already_dropped',
  'changed_later',
  'told_before',
  'no_lines',
  'too_many_groups',
] as const
export const ruleNote = noteOf(RULE_NOTES).meta({ id: 'LogRuleNote' })
export type RuleNote = z.infer<typeof ruleNote>

/** All pipelines in the order they apply, each with its rules in theirs. `version` is of the order. */
export const rulesAnswer = z
  .object({
    version: z.number().int().meta({ description: 'Of the order; 0 before there is any rule' }),
    pipelines: z.array(pipelineDefinition.omit({ rules: true }).extend({ rules: z.array(ruleView) })),
    unreadable: z.array(ruleId).meta({ description: 'Ids of rules that cannot be read: they do nothing, and can be removed' }),
    notes: z.array(ruleNote),
  })
  .meta({ id: 'LogRules' })
export type RulesAnswer = z.infer<typeof rulesAnswer>

/** `pipeline` (default: the first, made when there is none) and `before` (default: at its end) say where; both are for a new rule. */
export const ruleCreate = z.object({ definition: ruleDefinition, pipeline: z.string().optional(), before: ruleId.optional() }).meta({ id: 'LogRuleCreate' })

/** `version` is the one that was read: a change by somebody else in between is a conflict. */
export const ruleChange = z.object({ version: z.number().int().positive().optional(), definition: ruleDefinition }).meta({ id: 'LogRuleChange' })

/** The whole order at once: pipelines and the rules in them. Every rule must be named once, but one that cannot be read may be left out and keeps its place; `version` is the one that was read. */
export const orderChange = z
  .object({ version: z.number().int().nonnegative(), pipelines: z.array(pipelineDefinition).max(MAX_PIPELINES) })
  .meta({ id: 'LogRuleOrder' })
export type OrderChange = z.infer<typeof orderChange>

/** Newest first. */
export const ruleVersionsAnswer = z
  .object({ versions: z.array(z.object({ version: z.number().int(), effectiveFrom: z.string(), definition: ruleDefinition })) })
  .meta({ id: 'LogRuleVersions' })
export type RuleVersionsAnswer = z.infer<typeof ruleVersionsAnswer>

/** Defaults: from the version before the last to the last. */
export const ruleDiffParameters = z.object({ from: z.coerce.number().int().positive().optional(), to: z.coerce.number().int().positive().optional() })

export const ruleDiffAnswer = z
  .object({
    from: z.number().int(),
    to: z.number().int(),
    /** `path` as `actions.1.percent`; null where there was or is nothing. */
    changes: z.array(z.object({ path: z.string(), before: attributeValue, after: attributeValue })),
  })
  .meta({ id: 'LogRuleDiff' })
export type RuleDiffAnswer = z.infer<typeof ruleDiffAnswer>

/** Makes the definition of version `to` the newest version. `version` as in a change. */
export const ruleRollback = z.object({ to: z.number().int().positive(), version: z.number().int().positive().optional() }).meta({ id: 'LogRuleRollback' })

/** A file of all rules, for keeping in a repository. */
export const rulesFile = z
  .strictObject({
    skeinLogRules: z.literal(1),
    pipelines: z
      .array(pipelineDefinition.omit({ rules: true }).extend({ rules: z.array(z.strictObject({ id: ruleId, definition: ruleDefinition })).max(MAX_RULES) }))
      .max(MAX_PIPELINES),
  })
  .meta({ id: 'LogRulesFile' })
export type RulesFile = z.infer<typeof rulesFile>

/** Replaces everything by what the file says, at once: rules of the same id get a version more, others are made, the rest goes. */
export const rulesImport = z.object({ file: rulesFile, version: z.number().int().nonnegative().optional() }).meta({ id: 'LogRulesImport' })

/** `id`: the rule it would replace; else `pipeline` says where it would stand (default: the first). The rules that hold have judged already what is stored. */
export const dryRunRequest = z
  .object({
    definition: ruleDefinition,
    id: ruleId.optional(),
    pipeline: z.string().optional(),
    /** Default: the last hour. At most a day. */
    start: z.string().optional(),
    end: z.string().optional(),
  })
  .meta({ id: 'LogRuleDryRun' })
export type DryRunRequest = z.infer<typeof dryRunRequest>

const counted = z.object({ lines: z.number().int(), bytes: z.number().int() })

/** One line as a reader sees it: `attributes` of the line itself. */
export const lineState = z
  .object({
    time: z.string(),
    service: z.string(),
    severity: z.number().int(),
    severityText: z.string(),
    body: z.string(),
    traceId: z.string().nullable(),
    spanId: z.string().nullable(),
    attributes: z.record(z.string(), attributeValue),
  })
  .meta({ id: 'LogLineState' })
export type LineState = z.infer<typeof lineState>

/** rule: one that draws edges or marks changes from lines, and would see fewer. metric: one that a rule counts from lines, by its name. trace: traces that would show fewer lines. Scenarios are judged from spans and lose nothing. */
export const LOSERS = ['rule', 'metric', 'trace'] as const

export const dryRunAnswer = z
  .object({
    window: windowAnswer,
    /** How many lines the window holds, how many were looked at (the same share of every minute), and the share, 0 … 1. Counts below are multiplied up. */
    total: z.number().int(),
    lookedAt: z.number().int(),
    fraction: z.number(),
    matched: counted,
    dropped: counted,
    changed: counted,
    droppedBytesADay: z.number().meta({ description: 'At the rate of the part of the window that has lines' }),
    /** Lines that it failed on. */
    failed: z.number().int(),
    /** Most dropped bytes first. */
    services: z.array(z.object({ service: z.string(), total: counted, matched: counted, dropped: counted, changed: counted })),
    /** A few lines that it would drop or change; `after` null = dropped. */
    samples: z.array(z.object({ id: z.string(), before: lineState, after: lineState.nullable(), reason: z.string() })),
    /** What reads lines that would be dropped or changed. */
    losers: z.array(z.object({ kind: z.enum(LOSERS), id: z.string(), name: z.string(), lines: z.number().int(), message: z.string() })),
    /** Edges and change markers that it would make. */
    edges: z.number().int(),
    events: z.number().int(),
    /** What it would count: lines, those without the field, those where it is no number; combinations of values of `by` among the lines looked at. */
    metrics: z.array(
      z.object({
        name: z.string(),
        lines: z.number().int(),
        missing: z.number().int(),
        noNumber: z.number().int(),
        least: z.number().nullable(),
        most: z.number().nullable(),
        combinations: z.number().int(),
      }),
    ),
    notes: z.array(ruleNote),
  })
  .meta({ id: 'LogRuleDryRunAnswer' })
export type DryRunAnswer = z.infer<typeof dryRunAnswer>

/** One of `text` (a pasted line, with the fields given) and `id` (a stored line). `definition` is tried after the rules that hold, or instead of rule `rule`. */
export const debugRequest = z
  .object({
    text: z.string().max(262_144).optional(),
    id: z.string().max(100).optional(),
    service: z.string().max(256).optional(),
    /** 0 or absent: the one that the text says in words, as when it comes in. */
    severity: z.number().int().min(0).max(24).optional(),
    attributes: z.record(z.string().max(256), z.union([z.string(), z.number(), z.boolean()])).optional(),
    definition: ruleDefinition.optional(),
    rule: ruleId.optional(),
    /** Only `definition`, none of the rules that hold. */
    alone: z.boolean().optional(),
  })
  .meta({ id: 'LogRuleDebug' })
export type DebugRequest = z.infer<typeof debugRequest>

/** skipped: the rule or its pipeline is off, or the line was dropped before. unmatched: not meant. kept, changed, dropped: what the action did. failed: why is in `message`. */
export const STEP_OUTCOMES = ['skipped', 'unmatched', 'kept', 'changed', 'dropped', 'failed'] as const

export const debugStep = z
  .object({
    pipeline: z.string(),
    rule: z.string(),
    name: z.string(),
    version: z.number().int().nullable().meta({ description: 'null: the definition that is tried' }),
    /** Number of the action from 0; null: the match of the rule. */
    action: z.number().int().nullable(),
    type: z.string(),
    outcome: z.enum(STEP_OUTCOMES),
    message: z.string(),
    after: lineState.nullable(),
  })
  .meta({ id: 'LogRuleStep' })
export type DebugStep = z.infer<typeof debugStep>

export const debugAnswer = z
  .object({
    before: lineState,
    steps: z.array(debugStep),
    outcome: z.enum(['kept', 'dropped', 'dead_letter']),
    after: lineState.nullable(),
    notes: z.array(ruleNote),
  })
  .meta({ id: 'LogRuleDebugAnswer' })
export type DebugAnswer = z.infer<typeof debugAnswer>

/** `drop`, `sample`, `rate_limit`: what a rule was asked to do. `broken`: lines a rule did not judge because it was off (they were kept). `dead_letter`: lines whose redaction failed. */
export const DROP_REASONS = ['drop', 'sample', 'rate_limit', 'broken', 'dead_letter'] as const
export type DropReason = (typeof DROP_REASONS)[number]

export const dropsParameters = windowParameters.extend({
  rule: z.string().optional(),
  service: z.string().optional(),
  reason: z.enum(DROP_REASONS).optional(),
})

/** Counts of lines and of bytes of their bodies as they came to the rule, which is what storing them would have taken. Minutes are of the time of the line. */
export const dropsAnswer = z
  .object({
    window: windowAnswer,
    total: counted,
    /** Lines that were stored in the window, to compare with. */
    stored: counted,
    /** Most bytes first; `broken` lines were not dropped and are in no total. */
    groups: z.array(counted.extend({ rule: z.string(), name: z.string(), version: z.number().int(), reason: z.enum(DROP_REASONS), service: z.string() })),
    series: z.array(z.object({ time: z.string(), reasons: z.array(counted.extend({ reason: z.enum(DROP_REASONS) })) })),
    notes: z.array(ruleNote),
  })
  .meta({ id: 'LogDrops' })
export type DropsAnswer = z.infer<typeof dropsAnswer>
