import { criticalPath } from '@skein/schemas/critical-path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { packModel, unpackModel } from './packed-model.ts'
import { ORIGIN, type Sketch, sketchTrace } from './sketch-for-tests.ts'
import type { SpanRow } from './span-row.ts'
import { buildTraceModel } from './trace-model.ts'

const KINDS = ['internal', 'server', 'client', 'producer', 'consumer', 'unspecified'] as const

const sketch = (index: number) =>
  fc
    .record({
      parent: fc.integer({ min: -1, max: 12 }),
      at: fc.integer({ min: 0, max: 5000 }),
      length: fc.integer({ min: 0, max: 5000 }),
      kind: fc.constantFrom(...KINDS),
      service: fc.constantFrom('api', 'drm', '片库'),
      error: fc.boolean(),
    })
    .map(({ parent, length, ...rest }): Sketch => ({ id: `s${index}`, parent: parent < 0 ? '' : `s${parent}`, for: length, ...rest }))

const traces = fc.integer({ min: 1, max: 10 }).chain((count) => fc.tuple(...Array.from({ length: count }, (_, index) => sketch(index))))

const head = ({ span, ...row }: SpanRow) => ({
  ...row,
  span: span === null ? null : { spanId: span.spanId, name: span.name, service: span.service, kind: span.kind, status: { code: span.status.code } },
})

describe('a packed model', () => {
  it('unpacks to what the page would have built of the whole answer', () => {
    fc.assert(
      fc.property(traces, (sketches) => {
        const path = criticalPath({
          start: sketches.map(({ at = 0 }) => at),
          end: sketches.map(({ at = 0, for: length = 0 }) => at + length),
          parent: sketches.map(({ parent }) => sketches.findIndex(({ id }) => id === parent)),
          kind: sketches.map(() => 2),
        }).map(({ span, start, end }) => ({
          spanId: sketches[span]?.id ?? '',
          startUnixNano: String(ORIGIN + BigInt(start)),
          endUnixNano: String(ORIGIN + BigInt(end)),
        }))
        const model = buildTraceModel(sketchTrace(sketches, path))
        const unpacked = unpackModel(structuredClone(packModel(model)))
        expect({ ...unpacked, rows: unpacked.rows.map(head), entry: null }).toEqual({ ...model, rows: model.rows.map(head), entry: null })
        expect(unpacked.entry?.key).toBe(model.entry?.key)
      }),
      { numRuns: 200 },
    )
  })
})
