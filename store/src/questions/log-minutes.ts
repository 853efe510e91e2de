import { isTextTest } from '@skein/schemas/filter/compile'
import { type FilterTest, type Search, testHolds, type TextTest } from '@skein/schemas/filter/tree'
import { SEVERITY_CLASSES, severityClass, severityRange } from '@skein/schemas/severity'
import { ALWAYS, every, some, sql, texts, uint64Ids } from '../sql/fragment.ts'
import type { Fragment } from '../sql/terms.ts'
import { textualTest } from './value-test.ts'

const COLUMNS: Readonly<Record<string, Fragment>> = {
  service: sql`service`,
  environment: sql`environment`,
  cluster: sql`cluster`,
  namespace: sql`namespace`,
}

/** A search as a condition on rows of table `log_minutes`; null when these do not know enough to answer it. */
export function minuteFilter(search: Search | null): Fragment | null {
  if (search === null) return ALWAYS
  if ('not' in search) {
    const inside = minuteFilter(search.not)
    return inside === null ? null : sql`NOT (${inside})`
  }
  if ('and' in search || 'or' in search) {
    const parts = ('and' in search ? search.and : search.or).map(minuteFilter)
    const known = parts.filter((part) => part !== null)
    if (known.length < parts.length) return null
    return 'and' in search ? every(known) : some(known)
  }
  return minuteTest(search)
}

function minuteTest(test: FilterTest | TextTest): Fragment | null {
  if (test.field === 'severity') return isTextTest(test) ? null : classesTest(test)
  if (test.field === 'pattern') return patternTest(test)
  const column = Object.hasOwn(COLUMNS, test.field) ? COLUMNS[test.field] : undefined
  return column === undefined ? null : textualTest({ exists: sql`${column} != ''`, text: sql`toString(${column})` }, test)
}

/** Whole classes alone can be told apart. */
function classesTest(test: FilterTest): Fragment | null {
  const wanted = SEVERITY_CLASSES.filter((name) => {
    const { from } = severityRange(name) ?? { from: 0 }
    return severityHolds(test, from)
  })
  const isWhole = SEVERITY_CLASSES.every((name) => {
    const { from, to } = severityRange(name) ?? { from: 0, to: 0 }
    for (let number = from; number <= to; number++) if (severityHolds(test, number) !== wanted.includes(severityClass(number))) return false
    return true
  })
  return isWhole ? sql`severity IN ${texts(wanted)}` : null
}

/** A severity is always there; that there is one means that it says something. */
function severityHolds(test: FilterTest, severity: number): boolean {
  return test.op === 'exists' ? severity > 0 : testHolds(test, severity)
}

function patternTest(test: FilterTest | TextTest): Fragment | null {
  if (test.op === 'exists') return sql`pattern != 0`
  const id = String(test.value)
  if ((test.op !== '=' && test.op !== '!=') || !/^[0-9a-f]{16}$/.test(id) || /^0+$/.test(id)) return null
  return test.op === '=' ? sql`pattern IN ${uint64Ids([id])}` : sql`pattern NOT IN ${uint64Ids([id])}`
}
