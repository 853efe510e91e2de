import type { Format } from '../format/format.ts'
import type { Evidence, TableColumn } from '../ui/table-column.ts'
import type { LinkParameters } from '../url/view-state.ts'
import { perSecond } from './rated-window.ts'

/** Calls, errors and percentiles, as every table of calls has them. */
export interface RedRow {
  calls: number
  errors: number
  p50Ms: number | null
  p95Ms: number | null
  p99Ms: number | null
}

/** Which traces of a search. */
export type Which = 'all' | 'failed' | 'slow'

/** The traces behind a number of calls: the newest, those that failed, or the slowest. */
export function tracesOf(of: LinkParameters, which: Which): Evidence {
  return { path: '/traces', parameters: { ...of, ...(which === 'failed' ? { error: 'true' } : which === 'slow' ? { sort: 'longest' } : {}) } }
}

/** The same, or null where the number is of no call. */
export function tracesBehind({ calls, errors }: Pick<RedRow, 'calls' | 'errors'>, of: LinkParameters, which: Which): Evidence | null {
  return (which === 'failed' ? errors : calls) > 0 ? tracesOf(of, which) : null
}

/** Columns of calls whose numbers lead to the traces behind them; `of` tells those of a row from others. */
export function redColumnsWithTraces<Row extends RedRow>(columns: readonly TableColumn<Row>[], of: (row: Row) => LinkParameters): TableColumn<Row>[] {
  return columns.map((column) => {
    const which = BEHIND[column.id]
    return which === undefined ? column : { ...column, evidence: (row) => tracesBehind(row, of(row), which) }
  })
}

const BEHIND: Readonly<Record<string, Which>> = { rate: 'all', errors: 'failed', p50Ms: 'all', p95Ms: 'slow', p99Ms: 'slow' }

/** From this share of failed calls on, the number is coloured. */
const ERROR_SHARE_BAD = 0.01

export function rateColumn<Row extends Pick<RedRow, 'calls'>>(header: string, format: Format, seconds: number): TableColumn<Row> {
  return {
    id: 'rate',
    header,
    numeric: true,
    value: (row) => perSecond(row.calls, seconds),
    cell: (row) => format.text(format.rate(row.calls, seconds)),
  }
}

export function errorsColumn<Row extends Pick<RedRow, 'calls' | 'errors'>>(header: string, format: Format): TableColumn<Row> {
  return {
    id: 'errors',
    header,
    numeric: true,
    value: (row) => (row.calls > 0 ? row.errors / row.calls : null),
    cell: (row) => <span className={isFailing(row) ? 'font-semibold text-bad-text' : ''}>{format.text(format.share(row.errors, row.calls))}</span>,
  }
}

export function durationColumn<Row extends RedRow>(id: 'p50Ms' | 'p95Ms' | 'p99Ms', format: Format): TableColumn<Row> {
  return {
    id,
    header: id.slice(0, 3),
    numeric: true,
    secondary: id === 'p99Ms',
    value: (row) => row[id],
    cell: (row) => durationText(format, row[id]),
  }
}

export function durationText(format: Format, ms: number | null): string {
  return ms === null ? '–' : format.text(format.duration(ms))
}

export function isFailing({ calls, errors }: Pick<RedRow, 'calls' | 'errors'>): boolean {
  return calls > 0 && errors / calls >= ERROR_SHARE_BAD
}
