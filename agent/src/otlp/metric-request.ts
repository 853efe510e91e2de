import type { Reading } from '../metrics/reading.ts'
import { type Attributes, encodeAttributes, field, varint } from './attributes.ts'

/** What was read of one resource. */
export interface ResourceReadings {
  resource: Attributes
  readings: readonly Reading[]
}

/** Numbers of fields of OTLP metrics, `opentelemetry/proto/metrics/v1/metrics.proto`. */
const ExportRequest = { resourceMetrics: 1 } as const
const ResourceMetrics = { resource: 1, scopeMetrics: 2 } as const
const ScopeMetrics = { scope: 1, metrics: 2 } as const
const Metric = { name: 1, unit: 3, gauge: 5, sum: 7 } as const
const Sum = { dataPoints: 1, temporality: 2, monotonic: 3 } as const
const DataPoint = { startTimeUnixNano: 2, timeUnixNano: 3, asDouble: 4, attributes: 7 } as const
const CUMULATIVE = 2
const SCOPE = field(ScopeMetrics.scope, field(1, Buffer.from('skein-agent')))

/** An `ExportMetricsServiceRequest` of cumulative sums and gauges. Times in Unix ns. */
export function encodeMetrics(all: readonly ResourceReadings[], times: { startNs: bigint; timeNs: bigint }): Buffer {
  const parts = all.map(({ resource, readings }) => {
    const metrics = readings.map((reading) => field(ScopeMetrics.metrics, encodeMetric(reading, times)))
    const scoped = field(ResourceMetrics.scopeMetrics, Buffer.concat([SCOPE, ...metrics]))
    return field(ExportRequest.resourceMetrics, Buffer.concat([field(ResourceMetrics.resource, encodeAttributes(1, resource)), scoped]))
  })
  return Buffer.concat(parts)
}

/** Data points that `encodeMetrics` makes of it. */
export function pointsIn(all: readonly ResourceReadings[]): number {
  return all.reduce((sum, { readings }) => sum + readings.reduce((points, reading) => points + reading.points.length, 0), 0)
}

function encodeMetric({ name, unit, kind, points }: Reading, times: { startNs: bigint; timeNs: bigint }): Buffer {
  const head = [field(Metric.name, Buffer.from(name)), field(Metric.unit, Buffer.from(unit))]
  const encoded = points.map(({ attributes, value }) => {
    const start = kind === 'gauge' ? [] : [fixed64(DataPoint.startTimeUnixNano, times.startNs)]
    const parts = [
      ...start,
      fixed64(DataPoint.timeUnixNano, times.timeNs),
      double(DataPoint.asDouble, value),
      encodeAttributes(DataPoint.attributes, attributes),
    ]
    return field(Sum.dataPoints, Buffer.concat(parts))
  })
  if (kind === 'gauge') return Buffer.concat([...head, field(Metric.gauge, Buffer.concat(encoded))])
  const sum = [...encoded, varint(Sum.temporality * 8), varint(CUMULATIVE), ...(kind === 'counter' ? [varint(Sum.monotonic * 8), varint(1)] : [])]
  return Buffer.concat([...head, field(Metric.sum, Buffer.concat(sum))])
}

function fixed64(number: number, value: bigint): Buffer {
  const bytes = Buffer.alloc(9, number * 8 + 1)
  bytes.writeBigUInt64LE(value, 1)
  return bytes
}

function double(number: number, value: number): Buffer {
  const bytes = Buffer.alloc(9, number * 8 + 1)
  bytes.writeDoubleLE(value, 1)
  return bytes
}
