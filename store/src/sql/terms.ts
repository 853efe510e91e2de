import type { TableName } from '../tables.ts'

/** A value of a query: it travels as a parameter of this type and never becomes part of the text. */
export interface Value {
  readonly type: ValueType
  readonly value: string | number | readonly string[]
}
export type ValueType = 'String' | 'UInt8' | 'UInt16' | 'UInt32' | 'UInt64' | 'Int64' | 'Array(String)' | 'Array(UInt64)'

/** A piece of an expression: constant text written in this room, with values, pieces and sub-selects between. */
export interface Fragment {
  readonly strings: readonly string[]
  readonly parts: readonly Part[]
}
export type Part = Value | Fragment | Select

/** An expression and how its value in a JSON answer becomes one of ours. */
export interface Column<T> {
  readonly expression: Fragment
  readonly read: (value: unknown) => T
}

/**
 * Whose rows a question may see. A tenant is the rule. `markersOf` reads the reserved rows of one token. `everyTenant` is for the
 * questions of ingest that are about a partition of the log and not about anybody's data: which batches were inserted, what its trees of patterns were.
 */
export type Scope = { readonly tenant: string } | { readonly markersOf: string } | { readonly everyTenant: 'batchIds' | 'patterns' }

/** A question. A table is named here and nowhere else, and always with its scope. */
export interface Select<Columns extends Columns_ = Columns_> {
  readonly scope: Scope
  readonly from: TableName | Select
  readonly columns: Columns
  readonly where?: readonly Fragment[]
  readonly groupBy?: Fragment
  readonly having?: readonly Fragment[]
  readonly orderBy?: Fragment
  /** Rows an order-by group: `LIMIT n BY by`. */
  readonly limitBy?: { readonly rows: number; readonly by: Fragment }
  readonly limit?: number
}
export type Columns_ = Readonly<Record<string, Column<unknown>>>
