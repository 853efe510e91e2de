import { TABLES, type TableName } from '../tables.ts'
import { dayOf } from './day.ts'
import { constantText, identifier } from './select.ts'

/**
 * `INSERT INTO t (…) SELECT … FROM source`, for a source with all columns of the table in Native format. The token makes the engine
 * skip a block it has; `onlyDays` leaves out the rows of other days.
 */
export function insertStatement(table: TableName, source: string, options: { token: string; onlyDays?: readonly number[] | undefined }): string {
  const columns = Object.keys(TABLES[table].columns).map(identifier).join(', ')
  const where = options.onlyDays === undefined ? '' : ` WHERE has([${options.onlyDays.map(wholeNumber).join(', ')}], ${constantText(dayOf(table))})`
  return `INSERT INTO ${identifier(table)} (${columns}) SELECT ${columns} FROM ${source}${where} SETTINGS insert_deduplication_token = ${literal(options.token)}`
}

/** The same for a source that is the statement's own data: the caller names the format. */
export function plainInsertStatement(table: TableName, token: string): string {
  const columns = Object.keys(TABLES[table].columns).map(identifier).join(', ')
  return `INSERT INTO ${identifier(table)} (${columns}) SETTINGS insert_deduplication_token = ${literal(token)}`
}

/** `name type, …` of a table's columns as a block declares them. */
export function blockStructure(table: TableName): string {
  return Object.entries(TABLES[table].columns)
    .map(([column, type]) => `${identifier(column)} ${type}`)
    .join(', ')
}

/** A ClickHouse string literal. */
export function literal(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\0', '\\0')}'`
}

function wholeNumber(value: number): string {
  if (!Number.isSafeInteger(value)) throw new RangeError(`${value} is not a whole number`)
  return String(value)
}
