import { RUN_OUTCOMES } from '@skein/schemas/api/scenarios'
import type { RunRow, RunStep, ScenarioQuestion, ScenarioQuestions } from '../contract-scenarios.ts'
import type { Engine } from '../engine.ts'
import { readWholeColumns } from '../native/columns.ts'
import { formRuns, type RunRules } from '../runs/form-runs.ts'
import { sumFunnel } from '../runs/funnel-sums.ts'
import type { MatchColumns } from '../runs/match-columns.ts'
import { hashOf, newestRuns, type RunName } from '../runs/newest-runs.ts'
import { entriesQuery } from './scenario-entries.ts'
import { spansOfTraces } from './scenario-spans.ts'
import { countsQuery, type FoundMatch, type MatchSample, matchesOfKeysQuery, originNs, matchColumnsQuery } from './scenario-matches.ts'

/** Matches that an answer is made of; of more, one key in n is looked at. */
const EXACT_MATCHES = 200_000
/** Keys of which one has so many matches that even a sample is too large are cut here. */
const MOST_MATCHES = 2 * EXACT_MATCHES

export function createScenarioQuestions(engine: Engine): ScenarioQuestions {
  return {
    async funnel(question, { stepSeconds, sample }) {
      const { matches, oneIn, counts } = await loadMatches(engine, question)
      const rules = rulesOf(question)
      const { outcomes, steps, points, newest } = sumFunnel(matches, rules, { stepNs: stepSeconds * 1e9, newest: sample })
      return {
        ...counts,
        oneIn,
        cut: matches.length >= MOST_MATCHES,
        outcomes,
        steps,
        sample: await namedRuns(engine, question, newest),
        points: points.map(({ place, ...point }) => ({ timeMs: question.startMs + place * stepSeconds * 1000, ...point })),
      }
    },
    async runs(question, page) {
      const { matches } = await loadMatches(engine, question)
      const outcomes = new Set((page.outcomes ?? RUN_OUTCOMES).map((outcome) => RUN_OUTCOMES.indexOf(outcome)))
      const after = page.after === undefined ? {} : { after: readPosition(question, page.after) }
      const step = page.step === undefined ? {} : { step: page.step }
      const names = newestRuns(matches, rulesOf(question), { limit: page.limit, outcomes, ...step, ...after })
      return namedRuns(engine, question, names)
    },
    spans: (window, wanted) => spansOfTraces(engine, window, wanted),
    async entries(window, sessions) {
      const rows = await engine.ask(entriesQuery(window, sessions))
      return rows.map(({ entries, sessions: count }) => ({ sessions: count, entries: entries.map(splitEntry) }))
    },
  }
}

interface Loaded {
  matches: MatchColumns
  oneIn: number
  counts: { matches: number; withoutKey: number }
}

/** Where to count what ingest wrote costs next to nothing, so that is asked first; spans are read, and counted only when they are too many. */
async function loadMatches(engine: Engine, question: ScenarioQuestion): Promise<Loaded> {
  if (question.from === 'spans') {
    const all = await readMatches(engine, question, { oneIn: 1, keyed: false, limit: EXACT_MATCHES + 1 })
    if (all.length <= EXACT_MATCHES) {
      const matches = withKeys(all)
      return { matches, oneIn: 1, counts: { matches: matches.length, withoutKey: all.length - matches.length } }
    }
  }
  const [counts = { matches: 0, withoutKey: 0 }] = await engine.ask(countsQuery(question))
  const oneIn = 2 ** Math.max(0, Math.ceil(Math.log2(counts.matches / EXACT_MATCHES)))
  return { matches: await readMatches(engine, question, { oneIn, keyed: true, limit: MOST_MATCHES }), oneIn, counts }
}

async function readMatches(engine: Engine, question: ScenarioQuestion, sample: MatchSample): Promise<MatchColumns> {
  const { rows, columns } = readWholeColumns(await engine.askNative(matchColumnsQuery(question, sample)), [8, 8, 1, 8])
  const [keys, at, code, took] = columns
  return { length: rows, keys: new Uint32Array(keys!), at: new Float64Array(at!), code: new Uint8Array(code!), took: new Float64Array(took!) }
}

/** Without those whose key is none. */
function withKeys(all: MatchColumns): MatchColumns {
  const kept = new Uint32Array(all.length)
  let length = 0
  for (let match = 0; match < all.length; match++) if (all.keys[match * 2] !== 0 || all.keys[match * 2 + 1] !== 0) kept[length++] = match
  if (length === all.length) return all
  const places = kept.subarray(0, length)
  return {
    length,
    keys: Uint32Array.from({ length: length * 2 }, (_, half) => all.keys[places[half >> 1]! * 2 + (half & 1)]!),
    at: Float64Array.from(places, (match) => all.at[match]!),
    code: Uint8Array.from(places, (match) => all.code[match]!),
    took: Float64Array.from(places, (match) => all.took[match]!),
  }
}

function rulesOf(question: ScenarioQuestion): RunRules {
  const origin = originNs(question)
  const since = (ms: number): number => Number(BigInt(ms) * 1_000_000n - origin)
  const { steps, success, withinMs } = question
  return { steps, success, within: withinMs * 1e6, from: since(question.startMs), to: since(question.endMs), now: since(question.nowMs) }
}

/** Position of a run as its row tells it. */
function readPosition(question: ScenarioQuestion, after: string): RunName {
  const [, startNs, hash] = /^(\d{1,19})-([0-9a-f]{16})$/.exec(after) ?? []
  return startNs === undefined || hash === undefined ? { start: -Infinity, hash: '' } : { start: Number(BigInt(startNs) - originNs(question)), hash }
}

/** The runs in full: their keys' matches are read again, with ids, and formed again. */
async function namedRuns(engine: Engine, question: ScenarioQuestion, names: readonly RunName[]): Promise<RunRow[]> {
  if (names.length === 0) return []
  const place = new Map(names.map(({ start, hash }, at) => [`${start} ${hash}`, at]))
  const found = await engine.ask(matchesOfKeysQuery(question, [...new Set(names.map(({ hash }) => hash))]))
  const matches = columnsOf(found)
  const runs: RunRow[] = []
  formRuns(matches, rulesOf(question), (run) => {
    const at = place.get(`${run.start} ${hashOf(matches, run.first)}`)
    if (at === undefined) return
    const stepOf = (match: number): RunStep | null => stepAt(question, found[match])
    runs[at] = {
      key: found[run.first]?.key ?? '',
      startNs: absolute(question, run.start),
      endNs: absolute(question, run.end),
      outcome: RUN_OUTCOMES[run.outcome] ?? 'lost',
      steps: question.steps.map((_, step) => ({ reached: stepOf(run.hit[step]!), erred: stepOf(run.miss[step]!) })),
      after: `${absolute(question, run.start)}-${hashOf(matches, run.first)}`,
    }
  })
  return runs.filter((run) => run !== undefined)
}

function columnsOf(found: readonly FoundMatch[]): MatchColumns {
  return {
    length: found.length,
    keys: Uint32Array.from(found.flatMap(({ hash }) => [Number.parseInt(hash.slice(8), 16), Number.parseInt(hash.slice(0, 8), 16)])),
    at: Float64Array.from(found, ({ at }) => at),
    code: Uint8Array.from(found, ({ code }) => code),
    took: Float64Array.from(found, ({ took }) => took),
  }
}

function stepAt(question: ScenarioQuestion, match: FoundMatch | undefined): RunStep | null {
  if (match === undefined) return null
  return { atNs: absolute(question, match.at), durationNs: match.took, traceId: match.traceId, spanId: match.spanId }
}

function absolute(question: ScenarioQuestion, at: number): string {
  return (originNs(question) + BigInt(at)).toString()
}

const ENTRY_SEPARATOR = '\u001f'

function splitEntry(entry: string): { service: string; operation: string } {
  const at = entry.indexOf(ENTRY_SEPARATOR)
  return { service: entry.slice(0, at), operation: entry.slice(at + 1) }
}
