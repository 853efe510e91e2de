import { intakeAnswer, intakeParameters, type IntakeAnswer } from '@skein/schemas/api/intake'
import { SIGNALS } from '@skein/schemas/outcomes'
import type { IntakeQuestions } from '@skein/store/contract'
import type { App, RouteDeps } from '../app-types.ts'
import { within } from '../health.ts'
import { isoTime, parseWindow, seriesSteps, windowAnswerOf, type Window } from '../window.ts'

const LAG_MS = 2000
const MAX_POINTS = 300

type AcceptedRow = Awaited<ReturnType<IntakeQuestions['accepted']>>[number]
type OutcomeRow = Awaited<ReturnType<IntakeQuestions['outcomes']>>[number]

export function intakeRoute(app: App, deps: RouteDeps): void {
  const schema = {
    summary: 'What came in, and what did not, by reason',
    tags: ['platform'],
    querystring: intakeParameters.strict(),
    response: { 200: intakeAnswer },
  }
  app.get('/api/intake', { schema }, async (request): Promise<IntakeAnswer> => {
    const window = parseWindow(request.query, deps.clock())
    const lag = within(deps.lag(), LAG_MS).catch(() => null)
    const [accepted, outcomes] = await deps.ask(request, (tenant) =>
      Promise.all([deps.store.intake.accepted({ tenant, ...window }), deps.store.intake.outcomes({ tenant, ...window })]),
    )
    return {
      window: windowAnswerOf(window),
      accepted: sum(accepted, (row) => row.records),
      visible: sum(accepted, (row) => row.visible),
      bytes: sum(accepted, (row) => row.bytes),
      signals: signalsOf(accepted, outcomes),
      series: seriesOf(window, accepted, outcomes),
      outcomes: outcomesOf(outcomes),
      lag: await lag,
    }
  })
}

function sum<T>(rows: readonly T[], of: (row: T) => number): number {
  return rows.reduce((total, row) => total + of(row), 0)
}

/** Each signal of which anything came. */
function signalsOf(accepted: readonly AcceptedRow[], outcomes: readonly OutcomeRow[]): IntakeAnswer['signals'] {
  return SIGNALS.map((signal) => {
    const taken = accepted.filter((row) => row.signal === signal)
    const told = (kind: OutcomeRow['kind']): number =>
      sum(
        outcomes.filter((row) => row.signal === signal && row.kind === kind),
        (row) => row.records,
      )
    const [records, visible] = [sum(taken, (row) => row.records), sum(taken, (row) => row.visible)]
    const [repeats, dead] = [sum(taken, (row) => row.repeats), sum(taken, (row) => row.dead)]
    const counts = { accepted: records, visible, byRule: records - visible - repeats - dead, repeats, dead, refused: told('refused'), cut: told('cut') }
    return { signal, ...counts, bytes: sum(taken, (row) => row.bytes) }
  }).filter(({ accepted: records, refused, cut }) => records + refused + cut > 0)
}

function seriesOf(window: Window, accepted: readonly AcceptedRow[], outcomes: readonly OutcomeRow[]): IntakeAnswer['series'] {
  const { stepSeconds, timesMs } = seriesSteps(window, MAX_POINTS)
  const points = new Map(timesMs.map((timeMs) => [timeMs, { time: isoTime(timeMs), accepted: 0, spans: 0, logRecords: 0, refused: 0, dropped: 0 }]))
  const pointAt = (minuteMs: number) => points.get(Math.floor(minuteMs / (stepSeconds * 1000)) * stepSeconds * 1000)
  for (const row of accepted) {
    const point = pointAt(row.minuteMs)
    if (point === undefined) continue
    point.accepted += row.records
    point[row.signal === 'logs' ? 'logRecords' : 'spans'] += row.records
  }
  for (const row of outcomes) {
    const point = pointAt(row.minuteMs)
    if (point === undefined) continue
    if (row.kind === 'refused') point.refused += row.records
    else if (row.kind === 'dead') point.dropped += row.records
  }
  return [...points.values()]
}

/** One row per signal, key, kind and reason over the whole window, most records first. */
function outcomesOf(rows: readonly OutcomeRow[]): IntakeAnswer['outcomes'] {
  const merged = new Map<string, OutcomeRow>()
  for (const row of rows) {
    const name = JSON.stringify([row.signal, row.keyId, row.kind, row.reason])
    const known = merged.get(name)
    merged.set(name, known === undefined ? row : addOutcome(known, row))
  }
  return [...merged.values()]
    .sort((a, b) => b.records - a.records || b.requests - a.requests)
    .map(({ minuteMs, ...row }) => ({ ...row, lastSeen: isoTime(minuteMs) }))
}

function addOutcome(a: OutcomeRow, b: OutcomeRow): OutcomeRow {
  return { ...a, minuteMs: Math.max(a.minuteMs, b.minuteMs), requests: a.requests + b.requests, records: a.records + b.records, bytes: a.bytes + b.bytes }
}
