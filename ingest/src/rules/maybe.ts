import type { FilterTest, Search, TextTest } from '@skein/schemas/filter/tree'
import { testHolds } from '@skein/schemas/filter/tree'
import { literalOf } from '@skein/schemas/rules/regex-literal'
import { type LogBatch, serviceOf } from '../logs/log-batch.ts'

/**
 * What can be said cheaply of whether a search wants a row: `no` is certain; `yes` is certain only where `exact`. Rows are of one batch, and as they
 * came.
 */
export interface Maybe {
  test: (row: number) => boolean
  exact: boolean
}

export interface MaybeTools {
  /** The bit of a text that must be in the body. */
  literal: (text: string) => number
  /** Whether the body of the row that is looked at has a text. */
  has: (bit: number) => boolean
  /** Number of an attribute's name in this batch, −1 when no row has it. */
  keyOf: (name: string) => number
  /** Whether a resource of this batch has an attribute. */
  resourceHas: (resource: number, name: string) => boolean
}

const YES: Maybe = { test: () => true, exact: false }
type PlainTest = FilterTest & { value: string | number | null }

/** Where a batch is looked at: its `batch` is set anew for each. */
export interface Looked {
  batch: LogBatch
  /** Counts batches: what is remembered of resources is of one. */
  turn: number
}

export function maybeOf(search: Search | null, looked: Looked, tools: MaybeTools): Maybe {
  if (search === null) return { test: () => true, exact: true }
  if ('and' in search) return allOf(search.and.map((part) => maybeOf(part, looked, tools)))
  if ('or' in search) return anyOf(search.or.map((part) => maybeOf(part, looked, tools)))
  if ('not' in search) {
    const inner = maybeOf(search.not, looked, tools)
    return inner.exact ? { test: (row) => !inner.test(row), exact: true } : YES
  }
  return testOf(search, looked, tools)
}

function allOf(parts: readonly Maybe[]): Maybe {
  const exact = parts.every((part) => part.exact)
  const useful = parts.filter((part) => part !== YES).map(({ test }) => test)
  const [first, second] = useful
  if (first === undefined) return exact ? { test: () => true, exact } : YES
  if (second === undefined) return { test: first, exact }
  if (useful.length === 2) return { test: (row) => first(row) && second(row), exact }
  return { test: (row) => useful.every((test) => test(row)), exact }
}

function anyOf(parts: readonly Maybe[]): Maybe {
  if (parts.includes(YES)) return YES
  return { test: (row) => parts.some(({ test }) => test(row)), exact: parts.every((part) => part.exact) }
}

const RESOURCE_FIELDS = ['service', 'environment', 'cluster', 'namespace'] as const
type ResourceField = (typeof RESOURCE_FIELDS)[number]

function testOf(test: FilterTest | TextTest, looked: Looked, tools: MaybeTools): Maybe {
  const { field } = test
  if (field === 'body') return bodyTest(test, tools)
  if (isText(test)) return RESOURCE_FIELDS.some((each) => each === field) || field === 'scope' ? YES : presence(test, looked, tools)
  if (field === 'severity') return { test: (row) => testHolds(test, looked.batch.severity[row]!), exact: true }
  const own = RESOURCE_FIELDS.find((each) => each === field)
  if (own !== undefined) return resourceTest(test, own, looked)
  return presence(test, looked, tools)
}

function isText(test: FilterTest | TextTest): test is TextTest {
  return test.op === 'has' || test.op === 'like' || test.op === 'matches'
}

function bodyTest(test: FilterTest | TextTest, tools: MaybeTools): Maybe {
  const text = neededText(test)
  if (text === '') return YES
  const bit = tools.literal(text)
  return { test: () => tools.has(bit), exact: false }
}

/** A text that is in every body that the test wants, letters of either case; '' = none is known. */
function neededText(test: FilterTest | TextTest): string {
  if (typeof test.value !== 'string') return ''
  if (test.op === 'has' || test.op === '=') return test.value
  if (test.op === 'like') return test.value.split('*').reduce((longest, part) => (part.length > longest.length ? part : longest), '')
  return test.op === 'matches' ? literalOf(test.value) : ''
}

/** Fields that a resource gives are judged once for each; a row whose service another step named is judged by itself. */
function resourceTest(test: PlainTest, field: ResourceField, looked: Looked): Maybe {
  const known: { turn: number; verdicts: Int8Array } = { turn: -1, verdicts: new Int8Array(0) }
  const holds = (text: string | undefined): boolean => testHolds(test, text === '' ? undefined : text)
  return {
    exact: true,
    test(row) {
      const { batch } = looked
      if (field === 'service' && batch.service[row]! >= 0) return holds(serviceOf(batch, row))
      const resource = batch.resource[row]!
      if (known.turn !== looked.turn) {
        known.turn = looked.turn
        known.verdicts = new Int8Array(batch.resources.length).fill(-1)
      }
      if (known.verdicts[resource] === -1) known.verdicts[resource] = holds(batch.resources[resource]?.[field]) ? 1 : 0
      return known.verdicts[resource] === 1
    },
  }
}

const UNKNOWABLE = new Set(['scope', 'trace_id', 'span_id', 'pattern'])

/** A test that no missing field satisfies needs the attribute to be there, on the line or its resource. */
function presence(test: FilterTest | TextTest, looked: Looked, tools: MaybeTools): Maybe {
  const { field, op } = test
  if (op === '!=' || UNKNOWABLE.has(field) || field.startsWith('body.')) return YES
  const known = { turn: -1, key: -1 }
  return {
    exact: false,
    test(row) {
      const { batch } = looked
      if (known.turn !== looked.turn) {
        known.turn = looked.turn
        known.key = tools.keyOf(field)
      }
      return (known.key >= 0 && hasKey(batch, row, known.key)) || tools.resourceHas(batch.resource[row]!, field)
    },
  }
}

function hasKey({ attributeFrom, attributeTo, attributeKey }: LogBatch, row: number, key: number): boolean {
  const to = attributeTo[row]!
  for (let tuple = attributeFrom[row]!; tuple < to; tuple++) if (attributeKey[tuple] === key) return true
  return false
}
