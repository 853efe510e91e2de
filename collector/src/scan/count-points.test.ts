import { describe, expect, it } from 'vitest'
import { decodeMessage, encodeMessage } from '../otlp-oracle.ts'
import { mutated, seededRandom } from '../sample-request.ts'
import { countPoints } from './count-points.ts'
import { MalformedError } from './malformed.ts'

const point = { timeUnixNano: '1' }
const metrics = encodeMessage('ExportMetricsServiceRequest', {
  resourceMetrics: [
    {
      scopeMetrics: [
        {
          metrics: [
            { name: 'a', gauge: { dataPoints: [point] } },
            { name: 'b', sum: { dataPoints: [point, point] } },
          ],
        },
      ],
    },
    {
      scopeMetrics: [
        { metrics: [{ histogram: { dataPoints: [point] } }, { exponentialHistogram: { dataPoints: [point] } }, { summary: { dataPoints: [point] } }] },
      ],
    },
  ],
})

describe('counting', () => {
  it('data points of every kind of metric count, one each', () => {
    expect(countPoints(metrics)).toBe(6)
    expect(countPoints(Buffer.alloc(0))).toBe(0)
  })

  it('10,000 mutated requests are counted as an independent decoder counts, or refused by name', () => {
    const random = seededRandom(20_260_103)
    let read = 0
    for (let round = 0; round < 10_000; round++) {
      const bytes = mutated(metrics, random)
      try {
        const count = countPoints(bytes)
        read++
        const oracle = oraclePoints(bytes)
        if (oracle !== null) expect(count, bytes.toString('base64')).toBe(oracle)
      } catch (error) {
        if (!(error instanceof MalformedError)) throw error
      }
    }
    expect(read).toBeGreaterThan(500)
  })
})

const KINDS = ['gauge', 'sum', 'histogram', 'exponentialHistogram', 'summary']

/** null when the oracle cannot read it: it looks into fields that counting skips. A metric given twice is merged by the oracle just so. */
function oraclePoints(bytes: Buffer): number | null {
  let request: { resourceMetrics?: { scopeMetrics?: { metrics?: Record<string, { dataPoints?: unknown[] }>[] }[] }[] }
  try {
    request = decodeMessage('ExportMetricsServiceRequest', bytes)
  } catch {
    return null
  }
  const found = (request.resourceMetrics ?? []).flatMap(({ scopeMetrics }) => (scopeMetrics ?? []).flatMap((scope) => scope.metrics ?? []))
  return found.reduce((sum, metric) => sum + KINDS.reduce((points, kind) => points + (metric[kind]?.dataPoints?.length ?? 0), 0), 0)
}
