import { TABLES, type TableName } from '../tables.ts'
import { every, sql, text, uint32 } from './fragment.ts'
import type { Column, Columns_, Fragment, Part, Scope, Select, Value } from './terms.ts'

export type RowOf<Columns extends Columns_> = { [Name in keyof Columns]: Columns[Name] extends Column<infer T> ? T : never }

export interface CompiledQuery<Row = unknown> {
  readonly sql: string
  readonly parameters: Readonly<Record<string, Value>>
  /** From the values of one row in the order of the columns. */
  readonly read: (values: readonly unknown[]) => Row
}

export function compile<Columns extends Columns_>(select: Select<Columns>): CompiledQuery<RowOf<Columns>> {
  const parameters: Record<string, Value> = {}
  const writer = createWriter(parameters)
  const columns = Object.entries(select.columns)
  return {
    sql: writeSelect(writer, select),
    parameters,
    read: (values) => Object.fromEntries(columns.map(([name, column], at) => [name, column.read(values[at])])) as RowOf<Columns>,
  }
}

interface Writer {
  bind(value: Value): string
}

/** The same value twice is one parameter; lists are the same by identity. */
function createWriter(parameters: Record<string, Value>): Writer {
  const names = new Map<unknown, string>()
  return {
    bind(value) {
      const key = typeof value.value === 'object' ? value.value : `${value.type} ${value.value}`
      const name = names.get(key) ?? `p${names.size}`
      names.set(key, name)
      parameters[name] = value
      return `{${name}:${value.type}}`
    },
  }
}

function writeSelect(writer: Writer, select: Select): string {
  const columns = Object.entries(select.columns).map(([name, column]) => `${writePart(writer, column.expression)} AS ${identifier(name)}`)
  const lines = [`SELECT\n  ${columns.join(',\n  ')}`, ...writeSource(writer, select)]
  if (select.groupBy !== undefined) lines.push(`GROUP BY ${writePart(writer, select.groupBy)}`)
  if (select.having !== undefined && select.having.length > 0) lines.push(`HAVING ${writePart(writer, every(select.having))}`)
  if (select.orderBy !== undefined) lines.push(`ORDER BY ${writePart(writer, select.orderBy)}`)
  if (select.limitBy !== undefined) lines.push(`LIMIT ${writer.bind(uint32(select.limitBy.rows))} BY ${writePart(writer, select.limitBy.by)}`)
  if (select.limit !== undefined) lines.push(`LIMIT ${writer.bind(uint32(select.limit))}`)
  return lines.join('\n')
}

function writeSource(writer: Writer, select: Select): string[] {
  const where = [...(select.where ?? [])]
  if (typeof select.from === 'object') {
    const source = `FROM (${writeSelect(writer, select.from)})`
    return where.length === 0 ? [source] : [source, `WHERE ${writePart(writer, every(where))}`]
  }
  if (!Object.hasOwn(TABLES, select.from)) throw new TypeError(`there is no table ${String(select.from)}`)
  return [`FROM ${identifier(select.from)}`, `WHERE ${writePart(writer, every([wall(select.from, select.scope), ...where]))}`]
}

/** The condition that keeps a question inside its scope. */
function wall(table: TableName, scope: Scope): Fragment {
  if ('everyTenant' in scope) return sql`tenant != ''`
  if ('markersOf' in scope) {
    if (scope.markersOf === '') throw new TypeError('a marker has a token')
    return { strings: [`tenant = '' AND ${identifier(TABLES[table].marker)} = `, ''], parts: [text(scope.markersOf)] }
  }
  if (scope.tenant === '') throw new TypeError('a question is bound to a tenant')
  return sql`tenant = ${text(scope.tenant)}`
}

function writePart(writer: Writer, part: Part): string {
  if ('type' in part) return writer.bind(part)
  if ('scope' in part) return `(${writeSelect(writer, part)})`
  return part.strings.map((text, at) => text + writeOptional(writer, part.parts[at])).join('')
}

function writeOptional(writer: Writer, part: Part | undefined): string {
  return part === undefined ? '' : writePart(writer, part)
}

export function identifier(name: string): string {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) throw new TypeError(`${name} is not a name`)
  return `\`${name}\``
}

/** A column named by a variable. */
export function nameOf(table: TableName, column: string): Fragment {
  if (!Object.hasOwn(TABLES[table].columns, column)) throw new TypeError(`table ${table} has no column ${column}`)
  return { strings: [identifier(column)], parts: [] }
}

/** The text of a piece that has no values in it. */
export function constantText(fragment: Fragment): string {
  const refuse = (): never => {
    throw new TypeError('this statement takes no values')
  }
  return writePart({ bind: refuse }, fragment)
}
