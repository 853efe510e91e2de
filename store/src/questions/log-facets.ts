import type { FieldValue } from '@skein/schemas/filter/tree'
import type { LogFacets } from '../contract-logs.ts'
import type { Engine } from '../engine.ts'
import { asFlag, asNumber, asText } from '../sql/column.ts'
import { hexId, sql, uint64 } from '../sql/fragment.ts'
import { compile } from '../sql/select.ts'
import type { Fragment } from '../sql/terms.ts'
import { minutesOf } from '../sql/window.ts'
import { attributeText, hasAttribute } from './attribute-lookup.ts'
import type { Conditions } from './log-filter.ts'
import { asClass, partsOf, SEVERITY_NUMBER } from './log-histogram.ts'
import { type LogResources, resourceField } from './log-resources.ts'
import { inRange, nsRange } from './log-rows.ts'

/** Different values (or resources) of a field that are counted; the rarest beyond are not. */
const MOST_GROUPS = 20_000

export interface FacetQuestion {
  tenant: string
  startMs: number
  endMs: number
  alternatives: readonly Conditions[]
  minutes: Fragment | null
  resources: LogResources
}

interface Wanted {
  fields: readonly string[]
  values: number
  most: number
}

type Counts = Map<string, number>

/** Fields that a row has for itself, beside the resource that says the others. */
const OWN_FIELDS = new Set(['severity', 'service', 'scope'])
const RESOURCE_FIELDS = new Set(['environment', 'cluster', 'namespace'])
const MINUTE_FIELDS = new Set(['severity', 'service', 'environment', 'cluster', 'namespace', 'pattern'])

export async function countFacets(engine: Engine, question: FacetQuestion, wanted: Wanted): Promise<LogFacets> {
  const counts = new Map(wanted.fields.map((field) => [field, new Map<string, number>()]))
  const minutes = wanted.fields.every((field) => MINUTE_FIELDS.has(field)) ? question.minutes : null
  const total = await countLines(engine, question)
  const oneIn = minutes === null ? Math.max(1, Math.ceil(total / wanted.most)) : 1
  const sampled = oneIn === 1 ? [] : [sql`cityHash64(seq) % ${uint64(oneIn)} = 0`]
  const alternatives = question.alternatives.map((where) => [...where, ...sampled])
  const counted = await Promise.all(
    partsOf({ ...question, minutes, stepMs: 60_000 }).map(({ from, startMs, endMs }) => {
      const part = { ...question, startMs, endMs, alternatives }
      return from === 'minutes' && minutes !== null ? countMinutes(engine, part, { minutes, counts }) : countRows(engine, part, counts)
    }),
  )
  const facets = wanted.fields.map((field) => ({ field, values: mostFrequent(counts.get(field), wanted.values) }))
  return { counted: oneIn === 1 ? total : sum(counted), total, facets }
}

/** How many lines there are, from the rollup where it can tell. */
export async function countLines(engine: Engine, question: Omit<FacetQuestion, 'resources'>): Promise<number> {
  const parts = await Promise.all(
    partsOf({ ...question, stepMs: 60_000 }).flatMap(({ from, startMs, endMs }) => {
      const part = { ...question, startMs, endMs }
      if (from === 'minutes' && question.minutes !== null) return [engine.ask(linesOfMinutesQuery(part, question.minutes))]
      return question.alternatives.map((where) => engine.ask(linesOfRowsQuery(part, where)))
    }),
  )
  return sum(parts.flat().map(({ lines }) => lines))
}

type Part = Pick<FacetQuestion, 'tenant' | 'startMs' | 'endMs'>

export function linesOfRowsQuery(part: Part, where: Conditions) {
  return compile({ scope: part, from: 'logs', columns: { lines: asNumber(sql`count()`) }, where: [...inRange(nsRange(part)), ...where] })
}

export function linesOfMinutesQuery(part: Part, minutes: Fragment) {
  return compile({ scope: part, from: 'log_minutes', columns: { lines: asNumber(sql`sum(lines)`) }, where: [minutesOf(part), minutes] })
}

/** Patterns are many, so they are counted for themselves, and all else at once. */
async function countMinutes(engine: Engine, part: FacetQuestion, { minutes, counts }: { minutes: Fragment; counts: Map<string, Counts> }): Promise<number> {
  const patterns = counts.get('pattern')
  const [rows, ofPatterns] = await Promise.all([
    engine.ask(groupsOfMinutesQuery(part, minutes)),
    patterns === undefined ? [] : engine.ask(patternsOfMinutesQuery(part, minutes)),
  ])
  for (const { lines, ...values } of rows) {
    for (const [field, of] of counts) if (field !== 'pattern') add(of, values[field as keyof typeof values], lines)
  }
  for (const { pattern, lines } of ofPatterns) if (patterns !== undefined) add(patterns, /^0*$/.test(pattern) ? undefined : pattern, lines)
  return sum(rows.map(({ lines }) => lines))
}

export function groupsOfMinutesQuery(part: Part, minutes: Fragment) {
  return compile({
    scope: part,
    from: 'log_minutes',
    columns: {
      severity: asText(sql`severity`),
      service: asText(sql`service`),
      environment: asText(sql`environment`),
      cluster: asText(sql`cluster`),
      namespace: asText(sql`namespace`),
      lines: asNumber(sql`sum(lines)`),
    },
    where: [minutesOf(part), minutes],
    groupBy: sql`severity, service, environment, cluster, namespace`,
    orderBy: sql`sum(lines) DESC`,
    limit: MOST_GROUPS,
  })
}

export function patternsOfMinutesQuery(part: Part, minutes: Fragment) {
  const pattern = hexId(sql`pattern`)
  return compile({
    scope: part,
    from: 'log_minutes',
    columns: { pattern: asText(pattern), lines: asNumber(sql`sum(lines)`) },
    where: [minutesOf(part), minutes],
    groupBy: sql`pattern`,
    orderBy: sql`sum(lines) DESC`,
    limit: MOST_GROUPS,
  })
}

/** What rows have for themselves is counted at once, by the resource too, and each attribute for itself. */
async function countRows(engine: Engine, part: FacetQuestion, counts: Map<string, Counts>): Promise<number> {
  const others = [...counts].filter(([field]) => !OWN_FIELDS.has(field) && !RESOURCE_FIELDS.has(field))
  const counted = await Promise.all(
    part.alternatives.map(async (where) => {
      const [lines] = await Promise.all([
        countOwnFields(engine, { part, where, counts }),
        ...others.map(([field, values]) => countValues(engine, { part, where }, { field, values })),
      ])
      return lines
    }),
  )
  return sum(counted)
}

interface Counting {
  part: FacetQuestion
  where: Conditions
}

async function countOwnFields(engine: Engine, { part, where, counts }: Counting & { counts: Map<string, Counts> }): Promise<number> {
  const rows = await engine.ask(ownFieldsQuery(part, where))
  for (const { lines, resource, ...values } of rows) {
    const fields = part.resources.get(resource)
    for (const [field, of] of counts) {
      if (OWN_FIELDS.has(field)) add(of, values[field as keyof typeof values], lines)
      else if (RESOURCE_FIELDS.has(field) && fields !== undefined) add(of, resourceField(fields, field), lines)
    }
  }
  return sum(rows.map(({ lines }) => lines))
}

async function countValues(engine: Engine, { part, where }: Counting, { field, values }: { field: string; values: Counts }): Promise<void> {
  for (const { isOwn, value, resource, lines } of await engine.ask(valuesOfRowsQuery(part, { where, field }))) {
    const fields = isOwn ? undefined : part.resources.get(resource)
    add(values, isOwn ? value : fields === undefined ? undefined : resourceField(fields, field), lines)
  }
}

export function ownFieldsQuery(part: Part, where: Conditions) {
  return compile({
    scope: part,
    from: 'logs',
    columns: {
      severity: asClass(SEVERITY_NUMBER),
      service: asText(sql`service`),
      scope: asText(sql`scope`),
      resource: asText(hexId(sql`resource_fp`)),
      lines: asNumber(sql`count()`),
    },
    where: [...inRange(nsRange(part)), ...where],
    groupBy: sql`${SEVERITY_NUMBER}, service, scope, resource_fp`,
    orderBy: sql`count() DESC`,
    limit: MOST_GROUPS,
  })
}

/** `isOwn`: the line says it itself. */
export function valuesOfRowsQuery(part: Part, { where, field }: { where: Conditions; field: string }) {
  const { exists, value } = fieldOfRow(field)
  const resource = sql`if(${exists}, toUInt64(0), resource_fp)`
  return compile({
    scope: part,
    from: 'logs',
    columns: {
      isOwn: asFlag(exists),
      value: asText(value),
      resource: asText(hexId(resource)),
      lines: asNumber(sql`count()`),
    },
    where: [...inRange(nsRange(part)), ...where],
    groupBy: sql`${exists}, ${value}, ${resource}`,
    orderBy: sql`count() DESC`,
    limit: MOST_GROUPS,
  })
}

function fieldOfRow(field: string): { exists: Fragment; value: Fragment } {
  switch (field) {
    case 'pattern':
      return { exists: sql`pattern != 0`, value: hexId(sql`pattern`) }
    case 'trace_id':
      return { exists: sql`trace_id != toFixedString('', 16)`, value: sql`lower(hex(trace_id))` }
    case 'span_id':
      return { exists: sql`span_id != toFixedString('', 8)`, value: sql`lower(hex(span_id))` }
    case 'body':
      return { exists: sql`body != ''`, value: sql`body` }
    default:
      return { exists: hasAttribute(field), value: attributeText(field) }
  }
}

function add(counts: Counts, value: FieldValue | undefined, lines: number): void {
  const text = value === undefined ? '' : String(value)
  if (text !== '') counts.set(text, (counts.get(text) ?? 0) + lines)
}

function mostFrequent(counts: Counts | undefined, limit: number): { value: string; lines: number }[] {
  return [...(counts ?? [])]
    .map(([value, lines]) => ({ value, lines }))
    .sort((a, b) => b.lines - a.lines || (a.value < b.value ? -1 : 1))
    .slice(0, limit)
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0)
}
