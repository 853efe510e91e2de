import { RUN_OUTCOMES } from '@skein/schemas/api/scenarios'
import type { RunRow, RunStep, ScenarioQuestion, ScenarioQuestions } from '../contract-scenarios.ts'
import type { Engine } from '../engine.ts'
import { readWholeColumns } from '../native/columns.ts'
import type { RunRules } from '../runs/form-runs.ts'
import { sumFunnel } from '../runs/funnel-sums.ts'
import { hasKey, type MatchColumns } from '../runs/match-columns.ts'
import { type FoundRun, hashOf, newestRuns, type RunName } from '../runs/newest-runs.ts'
import { entriesQuery } from './scenario-entries.ts'
import { spansOfTraces } from './scenario-spans.ts'
import { countsQuery, keysQuery, type MatchSample, matchColumnsQuery, originNs, roughCountsQuery } from './scenario-matches.ts'

/** Matches that an answer is made of; of more, one key in n is looked at. */
const EXACT_MATCHES = 200_000
/** Keys of which one has so many matches that even a sample is too large are cut here. */
const MOST_MATCHES = 2 * EXACT_MATCHES
/** Keys by which it is told whether there may be more: one in so many. */
const COUNTED_ONE_IN = 64

export function createScenarioQuestions(engine: Engine): ScenarioQuestions {
  return {
    async funnel(question, { stepSeconds, sample }) {
      const loaded = await loadMatches(engine, question)
      const { matches, oneIn, counts } = loaded
      const rules = rulesOf(question)
      const { outcomes, steps, points, newest } = sumFunnel(matches, rules, { stepNs: stepSeconds * 1e9, newest: sample })
      return {
        ...counts,
        oneIn,
        cut: matches.length >= MOST_MATCHES,
        outcomes,
        steps,
        sample: await namedRuns(engine, question, loaded, newest),
        points: points.map(({ place, ...point }) => ({ timeMs: question.startMs + place * stepSeconds * 1000, ...point })),
      }
    },
    async runs(question, page) {
      const loaded = await loadMatches(engine, question)
      const outcomes = new Set((page.outcomes ?? RUN_OUTCOMES).map((outcome) => RUN_OUTCOMES.indexOf(outcome)))
      const after = page.after === undefined ? {} : { after: readPosition(question, page.after) }
      const step = page.step === undefined ? {} : { step: page.step }
      const found = newestRuns(loaded.matches, rulesOf(question), { limit: page.limit, outcomes, ...step, ...after })
      return namedRuns(engine, question, loaded, found)
    },
    spans: (window, wanted) => spansOfTraces(engine, window, wanted),
    async entries(window, sessions) {
      const rows = await engine.ask(entriesQuery(window, sessions))
      return rows.map(({ entries, sessions: count }) => ({ sessions: count, entries: entries.map(splitEntry) }))
    },
  }
}

interface Read {
  matches: MatchColumns
  /** 16 bytes a match. */
  traces: Uint8Array
  /** 8 bytes a match. */
  spans: Uint8Array
}

interface Loaded extends Read {
  oneIn: number
  counts: { matches: number; withoutKey: number }
}

/** To count all costs half of what reading does, so that is done only when they are, or seem to be, too many. */
async function loadMatches(engine: Engine, question: ScenarioQuestion): Promise<Loaded> {
  const about = await aboutHowMany(engine, question)
  if (about <= 1.25 * EXACT_MATCHES) {
    const all = await readMatches(engine, question, { oneIn: 1, keyed: false, limit: EXACT_MATCHES + 1 })
    if (all.matches.length <= EXACT_MATCHES) return { ...all, oneIn: 1, counts: countKeys(all.matches) }
  }
  const readSample = (oneIn: number) => readMatches(engine, question, { oneIn, keyed: true, limit: MOST_MATCHES })
  const likely = sampleOf(about)
  // read while they are counted: the sample is nearly always the one that the count tells
  const [[counts = { matches: 0, withoutKey: 0 }], read] = await Promise.all([engine.ask(countsQuery(question)), likely === 1 ? null : readSample(likely)])
  const oneIn = sampleOf(counts.matches)
  return { ...(read === null || oneIn !== likely ? await readSample(oneIn) : read), oneIn, counts }
}

/** The least power of two of which one in so many is an answer. */
function sampleOf(matches: number): number {
  return 2 ** Math.max(0, Math.ceil(Math.log2(matches / EXACT_MATCHES)))
}

/** Told from some keys, which takes no time where ingest wrote them; spans would all have to be looked at, and are thought to be few. */
async function aboutHowMany(engine: Engine, question: ScenarioQuestion): Promise<number> {
  if (question.from === 'spans') return 0
  const [some = { keyed: 0, withoutKey: 0 }] = await engine.ask(roughCountsQuery(question, COUNTED_ONE_IN))
  return some.keyed * COUNTED_ONE_IN + some.withoutKey
}

async function readMatches(engine: Engine, question: ScenarioQuestion, sample: MatchSample): Promise<Read> {
  const bytes = await engine.askNative(matchColumnsQuery(question, sample))
  const { rows, columns } = readWholeColumns(bytes, [8, 8, 1, 8, 16, 8])
  letGo(bytes)
  const [keys, at, code, took, traces, spans] = columns
  return {
    matches: { length: rows, keys: new Uint32Array(keys!), at: new Float64Array(at!), code: new Uint8Array(code!), took: new Float64Array(took!) },
    traces: new Uint8Array(traces!),
    spans: new Uint8Array(spans!),
  }
}

/** What was copied is some MB that would wait to be cleared away, and make that happen more often: a tenth of all that a funnel costs. */
function letGo({ buffer, byteLength }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0)
}

function countKeys(matches: MatchColumns): Loaded['counts'] {
  let keyed = 0
  for (let match = 0; match < matches.length; match++) if (hasKey(matches, match)) keyed++
  return { matches: keyed, withoutKey: matches.length - keyed }
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

/** The runs in full: what their keys are is asked for, since keys are as long as they like. */
async function namedRuns(engine: Engine, question: ScenarioQuestion, read: Read, found: readonly FoundRun[]): Promise<RunRow[]> {
  if (found.length === 0) return []
  const hashes = found.map(({ first }) => hashOf(read.matches, first))
  const startsMs = found.map(({ start }) => Number(absoluteNs(question, start) / 1_000_000n))
  const rows = await engine.ask(
    keysQuery(question, {
      hashes: [...new Set(hashes)],
      traceIds: [...new Set(found.map(({ first }) => idOf(read.traces, first, 16)))],
      fromMs: startsMs.reduce((least, ms) => Math.min(least, ms), Infinity),
      toMs: startsMs.reduce((most, ms) => Math.max(most, ms), 0),
    }),
  )
  const keys = new Map(rows.map(({ hash, key }) => [hash, key]))
  const stepOf = (match: number | undefined): RunStep | null => stepAt(question, read, match ?? -1)
  return found.map((run, at) => ({
    key: keys.get(hashes[at]!) ?? '',
    startNs: absoluteNs(question, run.start).toString(),
    endNs: absoluteNs(question, run.end).toString(),
    outcome: RUN_OUTCOMES[run.outcome] ?? 'lost',
    steps: question.steps.map((_, step) => ({ reached: stepOf(run.hit[step]), erred: stepOf(run.miss[step]) })),
    after: `${absoluteNs(question, run.start)}-${hashes[at]}`,
  }))
}

function stepAt(question: ScenarioQuestion, { matches, traces, spans }: Read, match: number): RunStep | null {
  if (match < 0) return null
  return {
    atNs: absoluteNs(question, matches.at[match]!).toString(),
    durationNs: matches.took[match]!,
    traceId: idOf(traces, match, 16),
    spanId: idOf(spans, match, 8),
  }
}

function idOf(ids: Uint8Array, match: number, length: number): string {
  return Buffer.from(ids.buffer, match * length, length).toString('hex')
}

function absoluteNs(question: ScenarioQuestion, at: number): bigint {
  return originNs(question) + BigInt(at)
}

const ENTRY_SEPARATOR = '\u001f'

function splitEntry(entry: string): { service: string; operation: string } {
  const at = entry.indexOf(ENTRY_SEPARATOR)
  return { service: entry.slice(0, at), operation: entry.slice(at + 1) }
}
