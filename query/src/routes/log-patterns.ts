import { LOG_PATTERN_NOTE_CODES, type LogPatternsAnswer, logPatternsAnswer, logPatternsParameters } from '@skein/schemas/api/log-patterns'
import { SEVERITY_CLASSES } from '@skein/schemas/severity'
import type { Store } from '@skein/store/contract'
import type { PatternScope, PatternTotal } from '@skein/store/contract-log-patterns'
import type { z } from 'zod'
import type { App, RouteDeps } from '../app-types.ts'
import { type FoundPattern, growthOf, patternsOf } from '../logs/patterns.ts'
import { parseWindow, seriesSteps, type Window, windowAnswerOf } from '../window.ts'

type Parameters = z.infer<typeof logPatternsParameters>
const DEFAULT_LIMIT = 100
const SERIES_POINTS = 60
/** Groups of (service, pattern, severity) one question reads; a note says when there are more. */
const MAX_TOTALS = 20_000
const WEEK_MS = 7 * 86_400_000
/** How far back the start of the newest version is looked for. */
const RELEASE_MS = WEEK_MS

export function logPatternsRoute(app: App, deps: RouteDeps): void {
  const schema = {
    summary: 'Patterns of log lines',
    description: 'What lines say once numbers and names are taken out, with how many there are, since when, and whether they are new or surging.',
    tags: ['logs'],
    querystring: logPatternsParameters.strict(),
    response: { 200: logPatternsAnswer },
  }
  app.get('/api/logs/patterns', { schema }, async (request): Promise<LogPatternsAnswer> => {
    const window = parseWindow(request.query, deps.clock())
    return deps.ask(request, (tenant) => answer(deps.store, { tenant, window, query: request.query }))
  })
}

interface Asked {
  tenant: string
  window: Window
  query: Parameters
}

async function answer(store: Store, asked: Asked): Promise<LogPatternsAnswer> {
  const { tenant, window, query } = asked
  const scope = scopeOf(asked)
  const [totals, base, versions] = await Promise.all([
    store.logPatterns.totals(scope, MAX_TOTALS),
    readBase(store, scope),
    store.events.versions({ tenant, startMs: window.endMs - RELEASE_MS, endMs: window.endMs }),
  ])
  const ids = [...new Set([...totals, ...base.totals].flatMap(({ pattern }) => pattern ?? []))]
  const templates = ids.length === 0 ? [] : await store.logPatterns.templates(tenant, ids)
  const all = patternsOf({ totals, base: base.totals, templates, versions }, window)
  const left = all.filter((pattern) => isWanted(pattern, query)).toSorted(ORDERS[query.sort ?? 'lines'])
  const shown = left.slice(0, query.limit ?? DEFAULT_LIMIT)
  const { stepSeconds, timesMs } = seriesSteps(window, SERIES_POINTS)
  const series = await seriesOf(store, { scope, shown, stepSeconds, timesMs })
  return {
    window: windowAnswerOf(window),
    base: base.window === null ? null : windowAnswerOf(base.window),
    stepSeconds,
    timesMs,
    lines: totals.reduce((sum, { lines }) => sum + lines, 0),
    patterns: shown.map((pattern, at) => ({ ...pattern, series: series[at] ?? [] })),
    notes: notesOf({ totals, based: base.window !== null, left: left.length, shown: shown.length }),
  }
}

function scopeOf({ tenant, window, query }: Asked): PatternScope {
  const { service, environment, cluster, namespace, severity } = query
  const severities =
    severity === undefined || severity === 'none'
      ? undefined
      : SEVERITY_CLASSES.filter((each, at) => each !== 'none' && at >= SEVERITY_CLASSES.indexOf(severity))
  return { tenant, ...window, service, environment, cluster, namespace, severities }
}

/** The same window a week before, else the one right before. */
async function readBase(store: Store, scope: PatternScope): Promise<{ window: Window | null; totals: PatternTotal[] }> {
  const length = scope.endMs - scope.startMs
  for (const shift of [WEEK_MS, length]) {
    const window = { startMs: Math.max(0, scope.startMs - shift), endMs: Math.max(0, scope.endMs - shift) }
    const totals = await store.logPatterns.totals({ ...scope, ...window }, MAX_TOTALS)
    if (totals.length > 0) return { window, totals }
  }
  return { window: null, totals: [] }
}

function isWanted(pattern: FoundPattern, { only, text }: Parameters): boolean {
  if (text !== undefined && !pattern.template.toLowerCase().includes(text.toLowerCase())) return false
  if (only === 'new') return pattern.new
  if (only === 'new_in_release') return pattern.newInRelease !== null
  return only === undefined || pattern.surging
}

const byLines = (a: FoundPattern, b: FoundPattern): number => b.lines - a.lines || (a.id < b.id ? -1 : 1)
const ORDERS: Readonly<Record<NonNullable<Parameters['sort']>, (a: FoundPattern, b: FoundPattern) => number>> = {
  lines: byLines,
  first_seen: (a, b) => b.firstSeen.localeCompare(a.firstSeen) || byLines(a, b),
  growth: (a, b) => (growthOf(a) === growthOf(b) ? byLines(a, b) : growthOf(b) > growthOf(a) ? 1 : -1),
}

interface Series {
  scope: PatternScope
  shown: readonly FoundPattern[]
  stepSeconds: number
  timesMs: readonly number[]
}

async function seriesOf(store: Store, { scope, shown, stepSeconds, timesMs }: Series): Promise<number[][]> {
  if (shown.length === 0) return []
  const points = await store.logPatterns.series(
    scope,
    shown.flatMap(({ ids }) => ids),
    stepSeconds * 1000,
  )
  const slots = new Map(timesMs.map((timeMs, at) => [timeMs, at]))
  const rowOf = new Map(shown.flatMap(({ ids }, row) => ids.map((id) => [id, row] as const)))
  const series = shown.map(() => timesMs.map(() => 0))
  for (const { pattern, timeMs, lines } of points) {
    const line = series[rowOf.get(pattern) ?? -1]
    const slot = slots.get(timeMs)
    if (line !== undefined && slot !== undefined) line[slot] = (line[slot] ?? 0) + lines
  }
  return series
}

interface Noted {
  totals: readonly PatternTotal[]
  based: boolean
  left: number
  shown: number
}

function notesOf({ totals, based, left, shown }: Noted): LogPatternsAnswer['notes'] {
  const note = (code: (typeof LOG_PATTERN_NOTE_CODES)[number], message: string, count = 0) => ({ code, message, count })
  if (totals.length === 0) return [note('no_logs', 'No log line of these conditions came in in this window.')]
  const without = totals.reduce((sum, { pattern, lines }) => (pattern === null ? sum + lines : sum), 0)
  return [
    ...(left === 0 ? [note('no_match', 'Lines came in, but none of their patterns is as asked for.')] : []),
    ...(left > shown
      ? [note('truncated', `${left - shown} more patterns are as asked for: ask for a longer list, one service or a part of the text.`, left - shown)]
      : []),
    ...(totals.length >= MAX_TOTALS
      ? [note('most_frequent', 'Only the most frequent patterns of the window were looked at: ask for one service or a shorter window.', MAX_TOTALS)]
      : []),
    ...(without > 0
      ? [note('without_pattern', `${without} lines have no pattern: they have no word, or their service has more patterns than are kept.`, without)]
      : []),
    ...(based ? [] : [note('no_base', 'Neither the same time a week before nor the time right before has lines to compare with.')]),
  ]
}
