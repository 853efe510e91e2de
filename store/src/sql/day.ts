import { TABLES, type TableName } from '../tables.ts'
import { sql, uint16, uint32 } from './fragment.ts'
import { nameOf } from './select.ts'
import type { Fragment } from './terms.ts'

const SECONDS_PER_DAY = 86_400

/** The Unix day (UTC) of a row's partition. */
export function dayOf(table: TableName): Fragment {
  const day = nameOf(table, TABLES[table].day)
  return isDate(table) ? sql`toUInt16(${day})` : sql`intDiv(toUnixTimestamp(${day}), 86400)`
}

/** The rows that stand at the very start of one of these days, as markers do. */
export function atStartOf(table: TableName, days: readonly number[]): Fragment[] {
  const day = nameOf(table, TABLES[table].day)
  return days.map((each) => (isDate(table) ? sql`${day} = toDate(${uint16(each)})` : sql`${day} = toDateTime(${uint32(each * SECONDS_PER_DAY)})`))
}

function isDate(table: TableName): boolean {
  const { day, columns } = TABLES[table]
  return (columns as Readonly<Record<string, string>>)[day] === 'Date'
}
