import { compileSearch } from '@skein/schemas/filter/compile'
import type { FieldValue, Search } from '@skein/schemas/filter/tree'
import { severityClass } from '@skein/schemas/severity'
import type { LogQuestions, LogRow, TailPosition } from '@skein/store/contract-logs'
import { fakeLogLines } from './fake-log-lines.ts'
import { SERVICES } from './tv-operator.ts'

const FAR_MS = 86_400_000

/** Lines of the made-up operator, searched in memory. */
export function fakeLogs(clock: () => number): LogQuestions {
  const found = ({ search, ...window }: { startMs: number; endMs: number; search: Search | null }): LogRow[] => {
    const holds = compileSearch(search, regexOf)
    return fakeLogLines(window, clock()).filter((row) => holds(fieldOf(row)))
  }
  return {
    async search({ order, limit, after, ...question }) {
      const rows = found(question)
      if (order === 'desc') rows.reverse()
      return rows.filter(({ id }) => after === undefined || (order === 'desc' ? id < after : id > after)).slice(0, limit)
    },
    async histogram(question, stepMs) {
      const steps = new Map<string, { timeMs: number; severity: ReturnType<typeof severityClass>; lines: number }>()
      for (const { timeNs, severity } of found(question)) {
        const step = { timeMs: Math.floor(Number(timeNs) / 1e6 / stepMs) * stepMs, severity: severityClass(severity), lines: 0 }
        const key = `${step.timeMs} ${step.severity}`
        const known = steps.get(key) ?? step
        steps.set(key, { ...known, lines: known.lines + 1 })
      }
      return [...steps.values()]
    },
    async facets(question, { fields, values }) {
      const rows = found(question)
      const facets = fields.map((field) => ({ field, values: countValues(rows, field).slice(0, values) }))
      return { counted: rows.length, total: rows.length, facets }
    },
    async fields(question, lines) {
      const rows = found(question).slice(-lines)
      const fields = (['log.file.path', 'thread.id'] as const).map((field) => ({ field, kind: 'attribute' as const, lines: rows.length }))
      return { lines: rows.length, fields }
    },
    line: async (_tenant, id) => found({ startMs: 0, endMs: clock(), search: null }).find((row) => row.id === id),
    async around(_tenant, line, { before, after }) {
      const same = found({ startMs: 0, endMs: clock() + FAR_MS, search: { field: 'service', op: '=', value: line.service } })
      const at = same.findIndex(({ id }) => id === line.id)
      return { before: same.slice(Math.max(0, at - before), at), after: same.slice(at + 1, at + 1 + after) }
    },
    newestPosition: async () => positionAt(clock()),
    async tail(_tenant, from, { search, limit }) {
      const since = from.partitions.get(0)?.receivedMs ?? from.sinceMs
      const rows = found({ startMs: since, endMs: clock(), search }).filter(({ timeNs }) => Number(timeNs) / 1e6 > since)
      const receivedMs = clock()
      return {
        rows: rows.slice(0, limit),
        left: Math.max(0, rows.length - limit),
        seen: fakeLogLines({ startMs: since, endMs: clock() }, clock()).filter(({ timeNs }) => Number(timeNs) / 1e6 > since).length,
        position: positionAt(receivedMs),
        oldestMs: rows[0] === undefined ? null : Number(rows[0].timeNs) / 1e6,
      }
    },
    count: async (window) => fakeLogLines(window, clock()).length,
  }
}

function positionAt(nowMs: number): TailPosition {
  return { sinceMs: nowMs, partitions: new Map([[0, { offset: nowMs, receivedMs: nowMs }]]) }
}

/** Of expressions that a test writes. */
function regexOf(source: string): (text: string) => boolean {
  const regex = new RegExp(source.replace('(?i)', ''), source.startsWith('(?i)') ? 'i' : '')
  return (text) => regex.test(text)
}

function fieldOf(row: LogRow): (name: string) => FieldValue | undefined {
  const service = SERVICES.find((each) => each.service === row.service)
  const fields: Record<string, FieldValue | undefined> = {
    ...Object.fromEntries(row.attributes.map(([key, value]) => [key, typeof value === 'string' ? value : JSON.stringify(value)])),
    body: row.body,
    severity: row.severity,
    service: row.service,
    scope: row.scope,
    environment: service?.environment,
    cluster: service?.cluster,
    namespace: service?.namespace,
    trace_id: row.traceId || undefined,
    span_id: row.spanId || undefined,
    pattern: row.pattern || undefined,
  }
  return (name) => fields[name]
}

function countValues(rows: readonly LogRow[], field: string): { value: string; lines: number }[] {
  const counts = new Map<string, number>()
  for (const row of rows) {
    const value = field === 'severity' ? severityClass(row.severity) : fieldOf(row)(field)
    if (value !== undefined) counts.set(String(value), (counts.get(String(value)) ?? 0) + 1)
  }
  return [...counts].map(([value, lines]) => ({ value, lines })).sort((a, b) => b.lines - a.lines)
}

const none = async (): Promise<never[]> => []

export const NO_LOGS: LogQuestions = {
  search: none,
  histogram: none,
  facets: async (_question, { fields }) => ({ counted: 0, total: 0, facets: fields.map((field) => ({ field, values: [] })) }),
  fields: async () => ({ lines: 0, fields: [] }),
  line: async () => undefined,
  around: async () => ({ before: [], after: [] }),
  newestPosition: async (_tenant, sinceMs) => ({ sinceMs, partitions: new Map() }),
  tail: async (_tenant, position) => ({ rows: [], left: 0, seen: 0, position, oldestMs: null }),
  count: async () => 0,
}

export function logsAway(away: () => Promise<never>): LogQuestions {
  return { search: away, histogram: away, facets: away, fields: away, line: away, around: away, newestPosition: away, tail: away, count: away }
}
