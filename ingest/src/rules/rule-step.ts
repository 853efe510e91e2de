import type { TenantRules } from '@skein/schemas/log-rule'
import { createCounters } from '@skein/schemas/rules/counters'
import { type RulesInForce, rulesInForce } from '@skein/schemas/rules/in-force'
import { createSwitches, judge, type Judging, type Switches, type Verdict } from '@skein/schemas/rules/judge'
import { copyLine, type RuleLine } from '@skein/schemas/rules/rule-line'
import type { Counters } from '@skein/schemas/rules/run'
import type { BatchEnvelope } from '../decode/span-batch.ts'
import { createLogBatch } from '../logs/log-arrays.ts'
import { LogFate, type LogBatch } from '../logs/log-batch.ts'
import type { LogStep } from '../logs/log-step.ts'
import { type Candidates, createCandidates } from './candidates.ts'
import { createDropCounts, type DropCounts } from './drop-counts.ts'
import { createLogCalls, type LogCalls } from './log-calls.ts'
import { createLogChanges, type LogChanges } from './log-events.ts'
import { lineOfRow } from './row-line.ts'
import { writeLine } from './write-line.ts'

/** Takes every kept row through the rules that held when its envelope was received, and tells what came of it. */
export interface RuleStep extends LogStep {
  /** Rules of all tenants, before the rows they are to judge. */
  learn(rules: readonly TenantRules[]): void
}

/** Rules of a tenant at one time, made ready for rows. */
interface Held extends Omit<RulesInForce, 'rules'> {
  tenant: string
  salt: string
  candidates: Candidates
}

interface PartitionState {
  counters: Counters
  switches: Switches
}

interface State {
  held: readonly Held[]
  partitions: Map<string, PartitionState>
  drops: DropCounts
  calls: LogCalls
  changes: LogChanges
}

/** What is judged by which version is a function of when envelopes were received and of the rules alone; what is counted, of the log. */
export function createRuleStep(): RuleStep {
  const empty = createLogBatch(0)
  const state: State = { held: [], partitions: new Map(), drops: createDropCounts(), calls: createLogCalls(), changes: createLogChanges() }
  return {
    learn(rules) {
      state.held = rules.flatMap((each) => heldOf(each, empty))
    },
    apply: (batch, { emit }) => applyRules(state, batch, emit),
    take: () => [...state.drops.take(), ...state.calls.take(), ...state.changes.take()],
    forget: (topic, partition) => void state.partitions.delete(`${topic}:${partition}`),
  }
}

function heldOf(rules: TenantRules, empty: LogBatch): Held[] {
  return rulesInForce(rules)
    .filter((each) => each.rules.length > 0)
    .map(({ fromMs, untilMs, rules: ready }) => ({ tenant: rules.tenant, salt: rules.order.salt, fromMs, untilMs, candidates: createCandidates(ready, empty) }))
}

function applyRules(state: State, batch: LogBatch, emit: boolean): void {
  const ofEnvelope = batch.envelopes.map(({ tenant, receivedAtMs }) =>
    state.held.find((each) => each.tenant === tenant && receivedAtMs >= each.fromMs && receivedAtMs < each.untilMs),
  )
  if (ofEnvelope.every((held) => held === undefined)) return
  for (const held of new Set(ofEnvelope)) held?.candidates.begin(batch)
  const { fate, envelope, length } = batch
  for (let row = 0; row < length; row++) {
    const held = ofEnvelope[envelope[row]!]
    if (held === undefined || fate[row] !== LogFate.kept || held.candidates.look(row) === 0) continue
    judgeRow(state, batch, row, { held, emit })
  }
}

function judgeRow(state: State, batch: LogBatch, row: number, { held, emit }: { held: Held; emit: boolean }): void {
  const { candidates } = held
  const line = lineOfRow(batch, row, candidates.resourceField(row))
  const before = copyLine(line)
  const envelope = batch.envelopes[batch.envelope[row]!]!
  const bytes = batch.bodyEnd[row]! - batch.bodyStart[row]!
  const of = { tenant: held.tenant, environment: line.environment, envelope, place: batch.place[row]!, bytes }
  const verdict = judge(candidates.rules, line, judgingOf(state, of, { held, emit, line }))
  if (verdict.outcome === 'kept') {
    if (verdict.changed) writeLine(batch, row, before, line)
    return
  }
  batch.fate[row] = verdict.outcome === 'dead' ? LogFate.dead : LogFate.rule
  if (emit) state.drops.add({ ...of, line: before, rule: verdict.rule, reason: reasonOf(verdict) })
}

function reasonOf(verdict: Exclude<Verdict, { outcome: 'kept' }>): 'dead_letter' | 'drop' | 'sample' | 'rate_limit' | 'broken' {
  return verdict.outcome === 'dead' ? 'dead_letter' : verdict.reason
}

/** Where a line is from. */
export interface LineOrigin {
  tenant: string
  environment: string
  envelope: BatchEnvelope
  place: number
  /** Of its body. */
  bytes: number
}

function judgingOf(state: State, of: LineOrigin, { held, emit, line }: { held: Held; emit: boolean; line: RuleLine }): Judging {
  const { counters, switches } = partitionOf(state, of.envelope)
  return {
    counters,
    switches,
    salt: held.salt,
    cannotWant: (rule) => held.candidates.wanted[rule] === 0,
    call: (call) => emit && state.calls.add(of, line, call),
    change: (change) => emit && state.changes.add(of, line, change),
    broke: (rule) => emit && state.drops.add({ ...of, line, rule, reason: 'broken' }),
  }
}

function partitionOf({ partitions }: State, { topic, partition }: BatchEnvelope): PartitionState {
  const key = `${topic}:${partition}`
  let known = partitions.get(key)
  if (known === undefined) {
    known = { counters: createCounters(), switches: createSwitches() }
    partitions.set(key, known)
  }
  return known
}
