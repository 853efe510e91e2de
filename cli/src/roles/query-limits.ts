import { MAX_TRACE_POINTS } from '@skein/schemas/api/traces'
import type { Config } from '@skein/schemas/config'
import type { QueryLimits } from '@skein/store/engine'

/** What one question may take. Rows are enough for the largest answers there are: a whole trace and one span more, which tells that there are more, and a window's traces as dots. */
export function queryLimits({ limits: { query } }: Pick<Config, 'limits'>): QueryLimits {
  const { uiSeconds, rowsRead, resultRows, queued, memoryBytes, traceSpans } = query
  return { seconds: uiSeconds, memoryBytes, rowsRead, resultRows: Math.max(resultRows, traceSpans + 1, MAX_TRACE_POINTS), queued }
}
