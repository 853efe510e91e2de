import { type LogPattern, SURGING_TIMES } from '@skein/schemas/api/log-patterns'
import type { SeverityClass } from '@skein/schemas/severity'
import type { VersionStart } from '@skein/store/contract-events'
import type { PatternTemplate, PatternTotal } from '@skein/store/contract-log-patterns'
import { isoTime, type Window } from '../window.ts'

/** What was read of a window and of what it is compared with. */
export interface PatternRows {
  totals: readonly PatternTotal[]
  base: readonly PatternTotal[]
  templates: readonly PatternTemplate[]
  versions: readonly VersionStart[]
}

/** Lines of one template of a service; `series` comes later, for those that are shown. */
export type FoundPattern = Omit<LogPattern, 'series'>

/** What the patterns of an answer have in common. */
interface Around {
  window: Window
  /** Lines of the filter. */
  lines: number
  /** Lines of a service and template in the base; null for a service of which nothing is stored there. */
  before: (service: string, group: string) => number | null
  newest: ReadonlyMap<string, VersionStart>
}

/** Templates are one pattern a service and text, whatever ids their lines have; lines whose template is not known any more go by their id. */
export function patternsOf({ totals, base, templates, versions }: PatternRows, window: Window): FoundPattern[] {
  const byId = new Map(templates.map((template) => [keyOf(template), template]))
  const groupOf = (total: PatternTotal): string => `${total.service}\0${byId.get(keyOf(total))?.template ?? total.pattern}`
  const baseLines = linesBy(base, groupOf)
  const servicesBefore = new Set(base.map(({ service }) => service))
  const around: Around = {
    window,
    lines: totals.reduce((sum, { lines }) => sum + lines, 0),
    before: (service, group) => (servicesBefore.has(service) ? (baseLines.get(group) ?? 0) : null),
    newest: newestVersions(versions),
  }
  const withPattern = totals.filter(({ pattern }) => pattern !== null)
  return [...Map.groupBy(withPattern, groupOf)].map(([group, rows]) => {
    const known = rows.flatMap((row) => byId.get(keyOf(row)) ?? [])
    return { ...sumsOf(rows, around), template: known[0]?.template ?? '', ...ageOf(known, rows[0]?.service ?? '', around), ...growthSince(group, rows, around) }
  })
}

function sumsOf(rows: readonly PatternTotal[], { lines: all }: Around) {
  const lines = rows.reduce((sum, row) => sum + row.lines, 0)
  return {
    ...namesOf(rows),
    service: rows[0]?.service ?? '',
    lines,
    bytes: rows.reduce((sum, row) => sum + row.bytes, 0),
    share: all === 0 ? 0 : lines / all,
    severities: Object.fromEntries(linesBy(rows, ({ severity }) => severity)) as Partial<Record<SeverityClass, number>>,
  }
}

function ageOf(known: readonly PatternTemplate[], service: string, { window, newest }: Around) {
  if (known.length === 0) return { firstSeen: isoTime(window.startMs), new: false, newInRelease: null }
  const firstSeenMs = Math.min(...known.map((template) => template.firstSeenMs))
  return { firstSeen: isoTime(firstSeenMs), new: firstSeenMs >= window.startMs, newInRelease: releaseBefore(newest.get(service), firstSeenMs) }
}

function growthSince(group: string, rows: readonly PatternTotal[], { before }: Around) {
  const baseLines = before(rows[0]?.service ?? '', group)
  const lines = rows.reduce((sum, row) => sum + row.lines, 0)
  return { baseLines, surging: baseLines !== null && baseLines > 0 && lines >= SURGING_TIMES * baseLines }
}

/** How much more there is than in the base; what is new there has no end. */
export function growthOf({ lines, baseLines }: FoundPattern): number {
  if (baseLines === null) return 0
  return baseLines === 0 ? Number.POSITIVE_INFINITY : lines / baseLines
}

function keyOf({ service, pattern }: { service: string; pattern: string | null }): string {
  return `${service}\0${pattern}`
}

function namesOf(rows: readonly PatternTotal[]): Pick<LogPattern, 'id' | 'ids' | 'query'> {
  const ids = [...linesBy(rows, ({ pattern }) => pattern ?? '')].toSorted(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).map(([id]) => id)
  const terms = ids.map((id) => `pattern:${id}`)
  return { id: ids[0] ?? '', ids, query: terms.length === 1 ? terms.join('') : `(${terms.join(' OR ')})` }
}

function linesBy(rows: readonly PatternTotal[], key: (row: PatternTotal) => string): Map<string, number> {
  const sums = new Map<string, number>()
  for (const row of rows) sums.set(key(row), (sums.get(key(row)) ?? 0) + row.lines)
  return sums
}

/** The start of the newest version a service, wherever it runs. */
function newestVersions(versions: readonly VersionStart[]): Map<string, VersionStart> {
  const newest = new Map<string, VersionStart>()
  for (const start of versions) if ((newest.get(start.service)?.minuteMs ?? -1) < start.minuteMs) newest.set(start.service, start)
  return newest
}

/** A version that had begun when a template was first seen: the line came with it. */
function releaseBefore(start: VersionStart | undefined, firstSeenMs: number): string | null {
  return start !== undefined && firstSeenMs >= start.minuteMs ? start.toVersion : null
}
