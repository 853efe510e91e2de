import type { DryRunAnswer, DryRunRequest, RuleNote } from '@skein/schemas/api/log-rules'
import type { TenantRules } from '@skein/schemas/log-rule'
import { createCounters } from '@skein/schemas/rules/counters'
import { createSwitches, judge, type Judging, type Verdict } from '@skein/schemas/rules/judge'
import { readyRule, type ReadyRule } from '@skein/schemas/rules/ready'
import { copyLine, type RuleLine } from '@skein/schemas/rules/rule-line'
import type { TimeLimits } from '@skein/schemas/rules/run'
import type { Store } from '@skein/store/contract'
import type { LogRow } from '@skein/store/contract-logs'
import { setImmediate } from 'node:timers/promises'
import type { Window } from '../window.ts'
import { windowAnswerOf } from '../window.ts'
import { linesOfRows, lineStateOf } from './line-of-row.ts'
import { createLosers, type Losers, rulesAfter, tellingBefore } from './losers.ts'
import { createMetricTrial, type MetricTrial } from './metric-trial.ts'
import { findRule, pipelinesOf } from './rule-views.ts'
import { createSums, type Sums } from './sums.ts'

export interface DryRun {
  store: Store
  tenant: string
  rules: TenantRules | null
  request: DryRunRequest
  window: Window
  times: TimeLimits
  /** Whether lines come to more than one, as they come in. */
  severalWorkers: boolean
  /** Unix ms: how long it has been looking. */
  clock: () => number
}

/** Lines looked at: enough that a share of one percent is seen, few enough to be tried while somebody types. */
const MOST_LINES = 10_000
const FEW_LINES = 1000
const DENSER = 8
/** So long others wait at most, but for the line that is looked at. */
const SLICE_MS = 20
const MOST_MS = 3000
const SAMPLES = 10
const MINUTE_MS = 60_000
const DAY_MS = 86_400_000

interface Looking {
  judging: Judging
  sums: Sums
  losers: Losers
  samples: DryRunAnswer['samples']
  edges: number
  events: number
  metrics: MetricTrial
  failed: number
}

/** What a definition would do to stored lines, by the very code that judges lines as they come. */
export async function dryRun(run: DryRun): Promise<DryRunAnswer> {
  const { store, tenant, window } = run
  const candidate = candidateOf(run)
  const total = await store.logs.count({ tenant, ...window })
  const rows = total === 0 ? [] : await sampleOf(run, total)
  const lines = await linesOfRows(store, tenant, rows)
  const looking = lookingOf(run, candidate)
  const lookedAt = await lookAt(candidate, rows, lines, { looking, clock: run.clock })
  const fraction = total === 0 ? 1 : Math.min(1, lookedAt / total)
  const times = fraction === 0 ? 0 : 1 / fraction
  const scaled = (count: number): number => Math.round(count * times)
  const sums = looking.sums.answer(times)
  return {
    window: windowAnswerOf(window),
    total,
    lookedAt,
    fraction,
    ...sums,
    droppedBytesADay: Math.round(sums.dropped.bytes * timesADay(rows, window)),
    failed: scaled(looking.failed),
    samples: looking.samples,
    losers: looking.losers.answer(times),
    edges: scaled(looking.edges),
    events: scaled(looking.events),
    metrics: looking.metrics.answer(times),
    notes: [
      ...notesOf(candidate, { total, lookedAt }),
      ...countedApart(run),
      ...changedLater(run.rules, candidate),
      ...toldBefore(run.rules, candidate),
      ...(await alreadyDropped(run)),
    ],
  }
}

/** How often a day holds the part of a window that has lines: of a first hour most is empty, and to count it in would make a rule look cheap. */
function timesADay(rows: readonly LogRow[], { startMs, endMs }: Window): number {
  const firstMs = rows.reduce((first, { timeNs }) => Math.min(first, Number(BigInt(timeNs) / 1_000_000n)), endMs)
  return DAY_MS / Math.max(MINUTE_MS, endMs - Math.max(startMs, firstMs))
}

/** Where all lines came in a few moments, a sparse sample may miss them: then a denser one is taken. */
async function sampleOf({ store, tenant, window }: DryRun, total: number): Promise<LogRow[]> {
  let oneIn = Math.max(1, Math.ceil(total / MOST_LINES))
  for (;;) {
    const rows = await store.logRules.sample({ tenant, ...window }, { oneIn, limit: MOST_LINES * 2 })
    if (rows.length >= FEW_LINES || oneIn === 1) return rows
    oneIn = Math.ceil(oneIn / DENSER)
  }
}

function candidateOf({ rules, request: { definition, id, pipeline } }: DryRun): ReadyRule {
  const place = id === undefined ? pipelinesOf(rules).find((each) => pipeline === undefined || each.id === pipeline) : findRule(rules, id)?.pipeline
  const ready = readyRule({ ...definition, enabled: true }, { id: id ?? 'tried', version: 0, pipeline: place?.id ?? '', pipelineMatch: place?.match ?? '' })
  if (ready === null) throw new Error('a definition that was found valid cannot be made ready')
  return ready
}

function lookingOf(run: DryRun, candidate: ReadyRule): Looking {
  const looking: Looking = {
    sums: createSums(),
    losers: createLosers(run.rules, candidate),
    samples: [],
    edges: 0,
    events: 0,
    metrics: createMetricTrial(run.request.definition),
    failed: 0,
    judging: {
      counters: createCounters(),
      times: run.times,
      switches: createSwitches(),
      salt: run.rules?.order.salt ?? '0'.repeat(32),
      call: () => void looking.edges++,
      change: () => void looking.events++,
      metric: (found) => looking.metrics.add(found),
      broke: () => void looking.failed++,
    },
  }
  return looking
}

/** How many were looked at before the time was over. */
async function lookAt(
  candidate: ReadyRule,
  rows: readonly LogRow[],
  lines: readonly RuleLine[],
  { looking, clock }: { looking: Looking; clock: () => number },
): Promise<number> {
  const startedMs = clock()
  let yieldedMs = startedMs
  for (const [at, line] of lines.entries()) {
    const nowMs = clock()
    if (nowMs - startedMs > MOST_MS) return at
    if (nowMs - yieldedMs > SLICE_MS) {
      await setImmediate()
      yieldedMs = clock()
    }
    lookAtLine(candidate, rows[at]?.id ?? '', line, looking)
  }
  return lines.length
}

function lookAtLine(candidate: ReadyRule, id: string, line: RuleLine, looking: Looking): void {
  const { sums, losers, samples } = looking
  const before = copyLine(line)
  let matched = false
  const verdict = judge([candidate], line, { ...looking.judging, tell: ({ action }) => (matched ||= action !== null) })
  if (verdict.outcome === 'dead') looking.failed++
  const outcome = verdict.outcome === 'kept' ? (verdict.changed ? 'changed' : 'kept') : 'dropped'
  sums.add(before, { matched, outcome })
  if (outcome === 'kept') return
  losers.add(before, outcome === 'changed' ? line : null)
  if (samples.length < SAMPLES)
    samples.push({ id, before: lineStateOf(before), after: outcome === 'changed' ? lineStateOf(line) : null, reason: reasonOf(verdict) })
}

function reasonOf(verdict: Verdict): string {
  if (verdict.outcome === 'kept') return 'changed'
  return verdict.outcome === 'dead' ? 'dead_letter' : verdict.reason
}

function notesOf(candidate: ReadyRule, { total, lookedAt }: { total: number; lookedAt: number }): RuleNote[] {
  const notes: RuleNote[] = []
  if (total === 0) notes.push({ code: 'no_lines', message: 'No line was stored in this window.', count: 0 })
  else if (lookedAt < total)
    notes.push({
      code: 'part_looked_at',
      message: `${lookedAt} of ${total} lines were looked at, evenly over the window; counts are multiplied up.`,
      count: lookedAt,
      values: { total },
    })
  if (candidate.acts.some(({ type }) => type === 'rate_limit' || type === 'sample'))
    notes.push({ code: 'counted_rule', message: 'What it keeps by number is counted over the lines looked at, in order of their times.', count: 0 })
  return notes
}

/** Here all lines count together. */
function countedApart({ request: { definition }, severalWorkers }: DryRun): RuleNote[] {
  const counts = severalWorkers && definition.actions.some((action) => action.type === 'rate_limit' || (action.type === 'sample' && action.by === 'pattern'))
  const message =
    'Lines come to several workers, and each counts for itself: of lines of many traces or processes, up to as many times more are kept as there are workers. Here all are counted together.'
  return counts ? [{ code: 'counted_apart', message, count: 0 }] : []
}

/** Bytes are of bodies as they are stored; a rule before others that change lines would get, and count, lines as they were before. */
function changedLater(rules: TenantRules | null, candidate: ReadyRule): RuleNote[] {
  const names = rulesAfter(rules, candidate).flatMap((rule) => (rule.changes ? [rule.name] : []))
  return names.length === 0
    ? []
    : [
        {
          code: 'changed_later',
          message: `Stored lines are what all rules left. Later rules change them (${names.join(', ')}), so that this one would get other lines and bytes than are counted here.`,
          count: names.length,
          values: { rules: names.join(', ') },
        },
      ]
}

/** Markers, edges and metrics take values as they stand when their rule comes. */
function toldBefore(rules: TenantRules | null, candidate: ReadyRule): RuleNote[] {
  const names = candidate.redacts ? tellingBefore(rules, candidate).map(({ name }) => name) : []
  if (names.length === 0) return []
  const told = names.join(', ')
  const message = `What is before it takes values of lines for markers, edges and metrics as they came: ${told}. Put the redaction before, where they must not have them.`
  return [{ code: 'told_before', message, count: names.length, values: { rules: told } }]
}

/** What the rule dropped before is not stored: nobody can say what another version would have done with it. */
async function alreadyDropped({ store, tenant, window, request: { id } }: DryRun): Promise<RuleNote[]> {
  if (id === undefined) return []
  const drops = await store.logRules.drops({ tenant, ...window, rule: id }, 1000)
  const count = drops.filter(({ reason }) => reason !== 'broken').reduce((sum, { lines }) => sum + lines, 0)
  return count === 0
    ? []
    : [{ code: 'already_dropped', message: `${count} lines of this window were dropped by this rule already and cannot be looked at.`, count }]
}
