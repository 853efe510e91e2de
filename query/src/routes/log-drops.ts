import { type DropsAnswer, dropsAnswer, dropsParameters, type RuleNote } from '@skein/schemas/api/log-rules'
import type { DropStep, DropTotal } from '@skein/store/contract-log-rules'
import type { App, RouteDeps } from '../app-types.ts'
import { failedNotes, ruleNames } from '../log-rules/failed-notes.ts'
import { isoTime, parseWindow, seriesSteps, windowAnswerOf } from '../window.ts'

const SERIES_POINTS = 120
const MAX_GROUPS = 1000

/** What rules on logs did not let through: nothing is dropped that is not counted here. */
export function logDropsRoute(app: App, deps: RouteDeps): void {
  const schema = {
    summary: 'What rules on logs dropped',
    description: 'By rule, version, reason and service, and over time, beside what was stored.',
    tags: ['logs'],
    querystring: dropsParameters.strict(),
    response: { 200: dropsAnswer },
  }
  app.get('/api/logs/drops', { schema }, async (request): Promise<DropsAnswer> => {
    const { rule, service, reason } = request.query
    const window = parseWindow(request.query, deps.clock())
    const { stepSeconds, timesMs } = seriesSteps(window, SERIES_POINTS)
    return deps.ask(request, async (tenant) => {
      const scope = { tenant, ...window, rule, service, reason }
      const { logRules } = deps.store
      const [groups, steps, stored, { rules }] = await Promise.all([
        logRules.drops(scope, MAX_GROUPS + 1),
        logRules.dropSeries(scope, stepSeconds * 1000),
        logRules.stored({ tenant, ...window, service }),
        deps.logRules.of(tenant),
      ])
      const names = ruleNames(rules)
      return {
        window: windowAnswerOf(window),
        total: sumOf(steps.filter((step) => step.reason !== 'broken')),
        stored: sumOf(stored),
        groups: groups.slice(0, MAX_GROUPS).map((group) => ({ ...group, name: names.get(group.rule) ?? group.rule })),
        series: seriesOf(steps, timesMs),
        notes: notesOf(groups, names),
      }
    })
  })
}

function sumOf(counts: readonly { lines: number; bytes: number }[]): { lines: number; bytes: number } {
  return counts.reduce((sum, { lines, bytes }) => ({ lines: sum.lines + lines, bytes: sum.bytes + bytes }), { lines: 0, bytes: 0 })
}

function seriesOf(steps: readonly DropStep[], timesMs: readonly number[]): DropsAnswer['series'] {
  const byTime = Map.groupBy(steps, ({ timeMs }) => timeMs)
  return timesMs.map((timeMs) => ({ time: isoTime(timeMs), reasons: (byTime.get(timeMs) ?? []).map(({ reason, lines, bytes }) => ({ reason, lines, bytes })) }))
}

function notesOf(groups: readonly DropTotal[], names: ReadonlyMap<string, string>): RuleNote[] {
  const notes = failedNotes(groups, names)
  if (groups.length > MAX_GROUPS)
    notes.push({ code: 'too_many_groups', message: `Only the ${MAX_GROUPS} largest groups are listed; totals are of all.`, count: MAX_GROUPS })
  return notes
}
