import { type TraceComparisonAnswer, traceComparisonAnswer, traceComparisonParameters } from '@skein/schemas/api/trace-comparison'
import type { TraceDifferences, TraceSelection } from '@skein/store/contract-comparison'
import type { z } from 'zod'
import type { App, RouteDeps } from '../app-types.ts'
import { rankAttributes } from '../compare/attribute-ranks.ts'
import { decodeResource } from '../otlp/attributes.ts'
import { invalidParameter } from '../problem-error.ts'
import { parseTime, parseWindow, windowAnswerOf } from '../window.ts'
import { attributePairs, searchOf } from './trace-conditions.ts'

/** Traces of each side: shares are right to some percent, and their spans are read in a fraction of a second. */
const TRACES_A_SIDE = 500
/** Fewer selected or other traces say little. */
const MIN_TRACES = 10

export function traceComparisonRoute(app: App, deps: RouteDeps): void {
  const schema = {
    summary: 'What selected traces have in common that the others have not',
    description:
      'The parameters of /api/traces say which traces; the selection (a box of start time and duration, failed or not, attributes of one span) says which of them are compared with the rest. At most 500 of each side, drawn by lot.',
    tags: ['traces'],
    querystring: traceComparisonParameters.strict(),
    response: { 200: traceComparisonAnswer },
  }
  app.get('/api/traces/comparison', { schema }, async (request): Promise<TraceComparisonAnswer> => {
    const nowMs = deps.clock()
    const window = parseWindow(request.query, nowMs)
    const selection = selectionOf(request.query, nowMs)
    return deps.ask(request, async (tenant) => {
      const found = await deps.store.traces.differences(await searchOf(deps, { tenant, ...window }, request.query), selection, TRACES_A_SIDE)
      const resources = await deps.store.traces.resources(
        tenant,
        found.resources.map(({ fingerprint }) => fingerprint),
      )
      const resourceAttributes = new Map([...resources].map(([fingerprint, message]) => [fingerprint, decodeResource(message)]))
      return {
        window: windowAnswerOf(window),
        selected: { traces: found.selected },
        rest: { traces: found.rest },
        sampled: found.selectedOfAll > found.selected || found.restOfAll > found.rest,
        attributes: rankAttributes({ ...found, resourceAttributes, excluded: excludedBy(selection) }),
        notes: notesOf(found),
      }
    })
  })
}

type Selecting = z.infer<typeof traceComparisonParameters>

function selectionOf(parameters: Selecting, nowMs: number): TraceSelection {
  const { selStart, selEnd, selMinMs, selMaxMs, selError, selAttr } = parameters
  if ([selStart, selEnd, selMinMs, selMaxMs, selError, selAttr].every((each) => each === undefined)) {
    throw invalidParameter('selStart', 'nothing is selected: give selStart, selEnd, selMinMs, selMaxMs, selError or selAttr')
  }
  return {
    ...timesOf(parameters, nowMs),
    ...durationsOf(parameters),
    ...(selError === undefined ? {} : { error: selError === 'true' }),
    attributes: attributePairs('selAttr', selAttr),
  }
}

function timesOf({ selStart, selEnd }: Selecting, nowMs: number): Pick<TraceSelection, 'startMs' | 'endMs'> {
  const startMs = selStart === undefined ? {} : { startMs: parseTime('selStart', selStart, nowMs) }
  const endMs = selEnd === undefined ? {} : { endMs: parseTime('selEnd', selEnd, nowMs) }
  const times: Pick<TraceSelection, 'startMs' | 'endMs'> = { ...startMs, ...endMs }
  if ((times.startMs ?? 0) >= (times.endMs ?? Infinity)) throw invalidParameter('selStart', 'must be before selEnd')
  return times
}

function durationsOf({ selMinMs, selMaxMs }: Selecting): Pick<TraceSelection, 'minDurationNs' | 'maxDurationNs'> {
  if ((selMinMs ?? 0) > (selMaxMs ?? Infinity)) throw invalidParameter('selMinMs', 'must not be above selMaxMs')
  return {
    ...(selMinMs === undefined ? {} : { minDurationNs: selMinMs * 1e6 }),
    ...(selMaxMs === undefined ? {} : { maxDurationNs: selMaxMs * 1e6 }),
  }
}

function excludedBy({ error, attributes }: TraceSelection): Set<string> {
  return new Set([...attributes.map(({ key }) => key), ...(error === undefined ? [] : ['status'])])
}

function notesOf({ selected, rest, selectedOfAll, restOfAll }: TraceDifferences): TraceComparisonAnswer['notes'] {
  const all = selectedOfAll + restOfAll
  if (all === 0) return [{ code: 'no_data', message: 'No traces in this window match the search', count: 0 }]
  const notes: TraceComparisonAnswer['notes'] = []
  const fewest = Math.min(selected, rest)
  if (fewest < MIN_TRACES) {
    const message = `Too few traces to tell a difference from chance: ${selected} selected, ${rest} others`
    notes.push({ code: 'few_calls', message, count: fewest })
  }
  if (all > selected + rest) {
    const message = `Drawn by lot: ${selected} of about ${selectedOfAll} selected traces and ${rest} of about ${restOfAll} others were looked at`
    notes.push({ code: 'sampled', message, count: selected + rest })
  }
  return notes
}
