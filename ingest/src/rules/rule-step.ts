import type { TenantRules } from '@skein/schemas/log-rule'
import { createJointCounters, type JointCounters } from '@skein/schemas/rules/counters'
import { type RulesInForce, rulesInForce } from '@skein/schemas/rules/in-force'
import { createSwitches, judge, type Judging, type Switches, type Verdict } from '@skein/schemas/rules/judge'
import { copyLine, type RuleLine } from '@skein/schemas/rules/rule-line'
import type { Counters, TimeLimits } from '@skein/schemas/rules/run'
import type { BatchEnvelope } from '../decode/span-batch.ts'
import { LogFate, type LogBatch } from '../logs/log-batch.ts'
import type { PatternOf, RuleStep } from '../logs/log-step.ts'
import { type Candidates, createCandidates } from './candidates.ts'
import { type Combinations, createCombinations } from './combinations.ts'
import { createElsewhere, type Elsewhere } from './counts-elsewhere.ts'
import { createDropCounts, type DropCounts } from './drop-counts.ts'
import { createLogCalls, type LogCalls } from './log-calls.ts'
import { createLogChanges, type LogChanges } from './log-events.ts'
import { createMetricCounts, type MetricCounts } from './metric-counts.ts'
import { lineOfRow } from './row-line.ts'
import { writeLine } from './write-line.ts'

/** Times and tenants whose rules are kept ready. */
const MAX_HELD = 100

/** Rules of a tenant at one time, made ready for rows. */
interface Held extends Omit<RulesInForce, 'rules'> {
  tenant: string
  salt: string
  candidates: Candidates
}

interface PartitionState {
  /** For the batch at hand. */
  counters: { of: Elsewhere; counters: Counters }
  switches: Switches
  combinations: Combinations
}

interface State {
  patternOf: PatternOf
  times: TimeLimits
  /** By tenant. */
  known: ReadonlyMap<string, TenantRules>
  held: readonly Held[]
  /** By topic and partition, then by tenant. */
  partitions: Map<string, Map<string, PartitionState>>
  /** By tenant: a step has the partitions of one topic. */
  joint: Map<string, JointCounters>
  /** Of the last batch. */
  elsewhere: Elsewhere
  drops: DropCounts
  calls: LogCalls
  changes: LogChanges
  metrics: MetricCounts
}

/** What is judged by which version is a function of when envelopes were received and of the rules alone; what is counted, of the log. */
export function createRuleStep(patternOf: PatternOf, times: TimeLimits): RuleStep {
  const state: State = {
    patternOf,
    times,
    known: new Map(),
    held: [],
    partitions: new Map(),
    joint: new Map(),
    elsewhere: createElsewhere(undefined),
    drops: createDropCounts(),
    calls: createLogCalls(),
    changes: createLogChanges(),
    metrics: createMetricCounts(),
  }
  return {
    learn(rules) {
      state.known = new Map(rules.map((each) => [each.tenant, each]))
      state.held = []
    },
    apply(batch, { emit, elsewhere }) {
      state.elsewhere = createElsewhere(elsewhere)
      applyRules(state, batch, emit)
    },
    elsewhere: () => state.elsewhere.used(),
    take: () => [...state.drops.take(), ...state.calls.take(), ...state.changes.take(), ...state.metrics.take()],
    forget(topic, partition) {
      state.partitions.delete(`${topic}:${partition}`)
      for (const counters of state.joint.values()) counters.forget(`${topic}:${partition}`)
    },
  }
}

/** Rules are made ready when the first record of their time comes; of those used before, the last are kept. */
function heldAt(state: State, tenant: string, receivedAtMs: number, batch: LogBatch): Held | null {
  const rules = state.known.get(tenant)
  if (rules === undefined) return null
  const known = state.held.find((each) => each.tenant === tenant && receivedAtMs >= each.fromMs && receivedAtMs < each.untilMs)
  if (known !== undefined) return known
  const { fromMs, untilMs, rules: ready } = rulesInForce(rules, receivedAtMs)
  const held = { tenant, salt: rules.order.salt, fromMs, untilMs, candidates: createCandidates(ready, batch) }
  state.held = [held, ...state.held].slice(0, MAX_HELD)
  return held
}

function applyRules(state: State, batch: LogBatch, emit: boolean): void {
  if (state.known.size === 0) return
  const ofEnvelope = batch.envelopes.map(({ tenant, receivedAtMs }) => heldAt(state, tenant, receivedAtMs, batch))
  for (const held of new Set(ofEnvelope)) held?.candidates.begin(batch)
  const { fate, envelope, length } = batch
  for (let row = 0; row < length; row++) {
    const held = ofEnvelope[envelope[row]!]
    if (held === undefined || held === null || fate[row] !== LogFate.kept || held.candidates.look(row) === 0) continue
    judgeRow(state, batch, row, { held, emit })
  }
}

function judgeRow(state: State, batch: LogBatch, row: number, { held, emit }: { held: Held; emit: boolean }): void {
  const { candidates } = held
  const line = lineOfRow(batch, row, { resource: candidates.resourceField(row), pattern: () => state.patternOf(batch, row) })
  const before = copyLine(line)
  const envelope = batch.envelopes[batch.envelope[row]!]!
  const rawBytes = batch.bodyEnd[row]! - batch.bodyStart[row]!
  // What storing the line would have taken, by what rules before the one that tells of it left of the body.
  const bytes = (): number => (line.body === before.body ? rawBytes : Buffer.byteLength(line.body))
  const of = { tenant: held.tenant, envelope, bytes }
  const verdict = judge(candidates.rules, line, judgingOf(state, of, { held, emit, line }))
  if (verdict.outcome === 'kept') {
    if (verdict.changed) writeLine(batch, row, before, line)
    return
  }
  batch.fate[row] = verdict.outcome === 'dead' ? LogFate.dead : LogFate.rule
  if (emit) state.drops.add({ ...of, bytes: bytes(), line, rule: verdict.rule, reason: reasonOf(verdict) })
}

function reasonOf(verdict: Exclude<Verdict, { outcome: 'kept' }>): 'dead_letter' | 'drop' | 'sample' | 'rate_limit' | 'broken' {
  return verdict.outcome === 'dead' ? 'dead_letter' : verdict.reason
}

/** Where a line is from, and the bytes of its body as it is now. */
interface Origin {
  tenant: string
  envelope: BatchEnvelope
  bytes: () => number
}

function judgingOf(state: State, of: Origin, { held, emit, line }: { held: Held; emit: boolean; line: RuleLine }): Judging {
  const {
    counters: { counters },
    switches,
    combinations,
  } = partitionOf(state, of.envelope)
  return {
    counters,
    switches,
    times: state.times,
    salt: held.salt,
    cannotWant: (rule) => held.candidates.wanted[rule] === 0,
    call: (call, then) => emit && state.calls.add(of, then, call),
    change: (change, then) => emit && state.changes.add(of, then, change),
    metric(found, then, rule) {
      const folded = !combinations.holds(found.place, found.by, then.logTimeMs)
      if (emit) state.metrics.add({ tenant: of.tenant, line: then, rule, found, folded })
    },
    broke: (rule) => emit && state.drops.add({ ...of, bytes: of.bytes(), line, rule, reason: 'broken' }),
  }
}

function partitionOf({ partitions, joint, elsewhere }: State, { topic, partition, tenant }: BatchEnvelope): PartitionState {
  const key = `${topic}:${partition}`
  const tenants = partitions.get(key) ?? new Map<string, PartitionState>()
  partitions.set(key, tenants)
  const together = joint.get(tenant) ?? createJointCounters(tenant)
  joint.set(tenant, together)
  const counters = (): PartitionState['counters'] => ({ of: elsewhere, counters: together.of(key, elsewhere.of(partition)) })
  const known = tenants.get(tenant) ?? { counters: counters(), switches: createSwitches(), combinations: createCombinations() }
  if (known.counters.of !== elsewhere) known.counters = counters()
  tenants.set(tenant, known)
  return known
}
