import type { Search } from '@skein/schemas/filter/tree'
import { readRegex } from '@skein/schemas/rules/regex'
import type { ByteLru } from '../cache/byte-lru.ts'
import type { LogQuestion, LogQuestions } from '../contract-logs.ts'
import type { TenantWindow } from '../contract-terms.ts'
import type { Engine } from '../engine.ts'
import { ALWAYS } from '../sql/fragment.ts'
import { linesAround, lineOf } from './log-around.ts'
import { countFacets, countLines } from './log-facets.ts'
import { countFields } from './log-fields.ts'
import { type Conditions, logAlternatives, logFilter } from './log-filter.ts'
import { countBySteps } from './log-histogram.ts'
import { minuteFilter } from './log-minutes.ts'
import { type LogResources, readLogResources } from './log-resources.ts'
import { lookUpLines, searchRange } from './log-search.ts'
import { newestPosition, tailStep } from './log-tail.ts'
import { tokensIn } from './log-words.ts'

/** Resources are read this far around what was received. */
const DAY_MS = 86_400_000

export function createLogQuestions(engine: Engine, lru: ByteLru): LogQuestions {
  const resourcesOf = (window: TenantWindow): Promise<LogResources> => readLogResources(engine, lru, window)
  const prepared = async (question: LogQuestion, fields: readonly string[] = []): Promise<{ alternatives: Conditions[]; resources: LogResources }> => {
    const asked = asksResources(question.search) || fields.some((field) => !LINE_FIELDS.has(field))
    const resources = asked ? await resourcesOf(question) : NO_RESOURCES
    return { resources, alternatives: logAlternatives(question.search, { resources, regexOf }) }
  }
  const search: LogQuestions['search'] = async (asked) => {
    const range = searchRange(asked)
    if (range === null || asked.limit < 1 || range.to <= range.from) return []
    const { alternatives } = await prepared(asked)
    return lookUpLines(engine, {
      tenant: asked.tenant,
      range,
      alternatives,
      indexed: isIndexed(asked.search),
      order: asked.order,
      limit: asked.limit,
      after: asked.after,
    })
  }
  return {
    search,
    async histogram(question, stepMs) {
      const { alternatives } = await prepared(question)
      return countBySteps(engine, { ...question, stepMs, alternatives, minutes: minuteFilter(question.search) })
    },
    async facets(question, wanted) {
      const known = await prepared(question, wanted.fields)
      return countFacets(engine, { ...question, ...known, minutes: minuteFilter(question.search) }, wanted)
    },
    async fields(question, lines) {
      const [rows, resources] = await Promise.all([search({ ...question, order: 'desc', limit: lines }), resourcesOf(question)])
      return { lines: rows.length, fields: countFields(rows, resources) }
    },
    line: (tenant, id) => lineOf(engine, tenant, id),
    around: (tenant, line, counts) => linesAround(engine, tenant, { line, ...counts }),
    newestPosition: (tenant, sinceMs) => newestPosition(engine, tenant, sinceMs),
    async tail(tenant, from, { search: wanted, limit }) {
      const newest = Math.max(from.sinceMs, ...[...from.partitions.values()].map(({ receivedMs }) => receivedMs))
      const window = { tenant, startMs: from.sinceMs - DAY_MS, endMs: newest + DAY_MS }
      const resources = asksResources(wanted) ? await resourcesOf(window) : NO_RESOURCES
      return tailStep(engine, { tenant, from, where: wanted === null ? [] : [logFilter(wanted, { resources, regexOf })], limit })
    },
    count: (question) => countLines(engine, { ...question, alternatives: [[]], minutes: ALWAYS }),
  }
}

const NO_RESOURCES: LogResources = new Map()
/** Fields of a line that no resource says. */
const LINE_FIELDS = new Set(['body', 'severity', 'service', 'scope', 'trace_id', 'span_id', 'pattern'])

/** Fields of which no index knows the values; attributes have one. */
const UNINDEXED_FIELDS = new Set(['body', 'severity', 'service', 'scope', 'span_id', 'environment', 'cluster', 'namespace'])

function asksResources(search: Search | null): boolean {
  if (search === null) return false
  if ('and' in search) return search.and.some(asksResources)
  if ('or' in search) return search.or.some(asksResources)
  return 'not' in search ? asksResources(search.not) : !LINE_FIELDS.has(search.field)
}

/** Whether something that all lines found must have is found by an index: a word, or an id. */
function isIndexed(search: Search | null): boolean {
  if (search === null || 'not' in search) return false
  if ('and' in search) return search.and.some(isIndexed)
  if ('or' in search) return search.or.every(isIndexed)
  if (search.op === '=') return !UNINDEXED_FIELDS.has(search.field)
  return search.op === 'has' && tokensIn(search.value).length > 0
}

/** An expression that this engine cannot read finds nothing. */
function regexOf(source: string): (text: string) => boolean {
  const read = readRegex(source)
  return read.ok ? (text) => read.regex.test(text, { left: Number.POSITIVE_INFINITY }) : () => false
}
