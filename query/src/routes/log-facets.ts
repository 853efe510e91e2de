import {
  type LogFacetsAnswer,
  logFacetsAnswer,
  logFacetsParameters,
  type LogFieldsAnswer,
  logFieldsAnswer,
  logFieldsParameters,
  type LogNote,
  type LogValuesAnswer,
  logValuesAnswer,
  logValuesParameters,
} from '@skein/schemas/api/logs'
import { OWN_FIELDS } from '@skein/schemas/rules/rule-line'
import type { App, RouteDeps } from '../app-types.ts'
import { parseLogWindow } from '../logs/log-window.ts'
import { searchOf } from '../logs/search-text.ts'
import { invalidParameter } from '../problem-error.ts'
import { windowAnswerOf } from '../window.ts'

const DEFAULT_FIELDS = 'severity,service,environment,cluster,namespace'
const MAX_FIELDS = 12
const VALUES = 50
/** Of more lines than these a part is counted. */
const MOST_LINES = 1_000_000
/** What is frequent shows in so many of the newest lines. */
const FIELD_LINES = 1000
const OFFERED_FIELDS = 200
const OFFERED_VALUES = 100
/** So many values are counted to find those that begin as asked. */
const COUNTED_VALUES = 10_000

export function logFacetsRoute(app: App, deps: RouteDeps): void {
  const schema = {
    summary: 'How many lines have which values',
    description: 'Of the search of /api/logs; a note says when a part of the lines was counted.',
    tags: ['logs'],
    querystring: logFacetsParameters.strict(),
    response: { 200: logFacetsAnswer },
  }
  app.get('/api/logs/facets', { schema }, async (request): Promise<LogFacetsAnswer> => {
    const window = parseLogWindow(request.query, deps.clock())
    const search = searchOf(request.query)
    const fields = fieldsIn(request.query.fields ?? DEFAULT_FIELDS)
    return deps.ask(request, async (tenant) => {
      const found = await deps.store.logs.facets({ tenant, ...window, search }, { fields, values: VALUES, most: MOST_LINES })
      return { window: windowAnswerOf(window), ...found, notes: sampledNotes(found) }
    })
  })
}

export function logFieldsRoute(app: App, deps: RouteDeps): void {
  const schema = {
    summary: 'Fields to search lines by',
    description: 'Those that begin with `prefix`; attributes are those of the newest 1,000 lines that the search finds.',
    tags: ['logs'],
    querystring: logFieldsParameters.strict(),
    response: { 200: logFieldsAnswer },
  }
  app.get('/api/logs/fields', { schema }, async (request): Promise<LogFieldsAnswer> => {
    const window = parseLogWindow(request.query, deps.clock())
    const search = searchOf(request.query)
    const wanted = beginsWith(request.query.prefix)
    return deps.ask(request, async (tenant) => {
      const { lines, fields } = await deps.store.logs.fields({ tenant, ...window, search }, FIELD_LINES)
      const own = OWN_FIELDS.map((field) => ({ field, kind: 'line' as const, lines }))
      return { window: windowAnswerOf(window), fields: [...own, ...fields].filter(({ field }) => wanted(field)).slice(0, OFFERED_FIELDS), notes: [] }
    })
  })
}

export function logValuesRoute(app: App, deps: RouteDeps): void {
  const schema = {
    summary: 'Values of a field of lines',
    description: 'Those that begin with `prefix`, of the lines that the search finds.',
    tags: ['logs'],
    querystring: logValuesParameters.strict(),
    response: { 200: logValuesAnswer },
  }
  app.get('/api/logs/values', { schema }, async (request): Promise<LogValuesAnswer> => {
    const { field, prefix } = request.query
    const window = parseLogWindow(request.query, deps.clock())
    const search = searchOf(request.query)
    const wanted = beginsWith(prefix)
    return deps.ask(request, async (tenant) => {
      const found = await deps.store.logs.facets({ tenant, ...window, search }, { fields: [field], values: COUNTED_VALUES, most: MOST_LINES })
      const values = (found.facets[0]?.values ?? []).filter(({ value }) => wanted(value)).slice(0, OFFERED_VALUES)
      return { window: windowAnswerOf(window), field, values, notes: sampledNotes(found) }
    })
  })
}

function fieldsIn(list: string): string[] {
  const fields = [...new Set(list.split(',').map((field) => field.trim()))].filter((field) => field !== '')
  if (fields.length === 0) throw invalidParameter('fields', 'names no field')
  if (fields.length > MAX_FIELDS) throw invalidParameter('fields', `names more than ${MAX_FIELDS} fields`)
  return fields
}

/** Whatever the case. */
function beginsWith(prefix = ''): (text: string) => boolean {
  const wanted = prefix.toLowerCase()
  return (text) => text.toLowerCase().startsWith(wanted)
}

function sampledNotes({ counted, total }: { counted: number; total: number }): LogNote[] {
  return counted === total ? [] : [{ code: 'sampled', message: `Counted in ${counted} of ${total} lines, drawn by lot`, count: counted, values: { total } }]
}
