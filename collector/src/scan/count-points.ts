import { DATA_POINTS_FIELD, GROUP_FIELD, MetricData, RECORD_FIELD, SCOPE_GROUP_FIELD } from '@skein/schemas/otlp-count'
import type { WireCursor } from './wire-cursor.ts'
import { enterBytes, readTag, skipValue } from './wire-cursor.ts'

const METRIC_DATA_FIELDS: readonly number[] = Object.values(MetricData)
const METRICS: readonly Step[] = [GROUP_FIELD, SCOPE_GROUP_FIELD, RECORD_FIELD, METRIC_DATA_FIELDS, DATA_POINTS_FIELD]

/** A field number, or any of several. */
type Step = number | readonly number[]

/** Data points in an ExportMetricsServiceRequest. Throws `MalformedError`. */
export function countPoints(bytes: Uint8Array): number {
  return countAlong(METRICS, 0, { bytes, at: 0 }, bytes.length)
}

// As deep as the path is long, whatever the bytes say.
function countAlong(path: readonly Step[], depth: number, cursor: WireCursor, end: number): number {
  const step = path[depth]
  let count = 0
  while (cursor.at < end) {
    const tag = readTag(cursor, end)
    const field = tag >>> 3
    if (typeof step === 'number' ? field !== step : !step?.includes(field)) skipValue(cursor, tag, end)
    else {
      const inner = enterBytes(cursor, tag, end)
      if (depth + 1 === path.length) {
        count++
        cursor.at = inner
      } else count += countAlong(path, depth + 1, cursor, inner)
    }
  }
  return count
}
