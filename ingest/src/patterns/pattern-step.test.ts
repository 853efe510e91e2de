import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { StoredPattern } from '@skein/store/contract-log-patterns'
import { knownLine, randomFrom } from './lines-for-tests.ts'
import { type LineForTests, logBatchOf } from './log-batch-for-tests.ts'
import type { PatternStep } from '../logs/log-step.ts'
import { createPatternStep } from './pattern-step.ts'
import { readPatternBlock } from './read-pattern-block-for-tests.ts'

const LIMITS = { templatesPerService: 1000, templatesPerPartition: 4000 }
const DAY_MS = 86_400_000

/** The rows of one range, as the store has them. */
function range(step: PatternStep, lines: readonly LineForTests[], emit = true): { ids: string[]; rows: ReturnType<typeof readPatternBlock> } {
  const batch = logBatchOf(lines)
  step.apply(batch, { emit })
  const ids = lines.map((_, row) => `${batch.pattern[row * 2 + 1]?.toString(16)}:${batch.pattern[row * 2]?.toString(16)}`)
  return { ids, rows: step.take().flatMap(readPatternBlock) }
}

/** What the store says of a partition before an offset. */
function stored(rows: ReturnType<typeof readPatternBlock>, partition: number, before: number): StoredPattern[] {
  const own = rows.filter((row) => row.partition === partition && row.position < before)
  const newest = [...Map.groupBy(own, (row) => `${row.tenant}/${row.service}/${row.number}`).values()].map((same) =>
    same.reduce((a, b) => (b.position >= a.position ? b : a)),
  )
  return newest.toSorted((a, b) => a.number - b.number)
}

const lineAt = (offset: number, body: string, over: Partial<LineForTests> = {}): LineForTests => ({
  partition: 1,
  offset,
  tenant: 't',
  service: 'epg',
  logTimeMs: 5 * DAY_MS + offset,
  body,
  ...over,
})

describe('patterns of lines', () => {
  it('are the same for lines of one template, others for other services and templates, and none for lines without words', () => {
    const step = createPatternStep(LIMITS)
    const { ids } = range(step, [lineAt(1, 'took 5 ms'), lineAt(2, 'took 7 ms'), lineAt(3, 'took 7 ms', { service: 'drm' }), lineAt(4, 'else'), lineAt(5, ' ')])
    expect(ids[0]).toBe(ids[1])
    expect(new Set(ids).size).toBe(4)
    expect(ids[4]).toBe('0:0')
  })

  it('have the same id in every partition that met the same line first', () => {
    const step = createPatternStep(LIMITS)
    const { ids } = range(step, [lineAt(1, 'took 5 ms'), lineAt(1, 'took 7 ms', { partition: 2 })])
    expect(ids[0]).toBe(ids[1])
  })

  it('are told when made, when widened and once a day of use; not for lines that were dropped or looked at for memory alone', () => {
    const step = createPatternStep(LIMITS)
    expect(range(step, [lineAt(1, 'user a in'), lineAt(2, 'user b in'), lineAt(3, 'dropped', { dropped: true })]).rows).toMatchObject([
      { number: 0, position: 2, template: Buffer.from('user <*> in'), firstSeenMs: 5 * DAY_MS + 1 },
    ])
    expect(range(step, [lineAt(4, 'user c in')]).rows).toEqual([])
    expect(range(step, [lineAt(DAY_MS + 5, 'user d in'), lineAt(DAY_MS + 6, 'user e in')]).rows).toMatchObject([
      { number: 0, position: DAY_MS + 5, day: 6, firstSeenMs: 5 * DAY_MS + 1 },
    ])
    expect(range(step, [lineAt(DAY_MS + 7, 'new line of words')], false).rows).toEqual([])
  })

  it('end where there is no room, a service and a partition', () => {
    const step = createPatternStep({ templatesPerService: 2, templatesPerPartition: 3 })
    const { ids } = range(
      step,
      ['a', 'b', 'c'].flatMap((service) => ['x', 'y y', 'z z z'].map((body, at) => lineAt(at, body, { service }))),
    )
    expect(ids.map((id) => id !== '0:0')).toEqual([true, true, false, true, false, false, false, false, false])
    step.forget('skein.logs', 1)
    expect(range(step, [lineAt(9, 'x', { service: 'a' })]).ids).toEqual([ids[0]])
  })

  it('go on after a restart as if there had been none, wherever it came', () => {
    fc.assert(
      fc.property(fc.integer(), fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 2, maxLength: 8 }), fc.nat(), (seed, sizes, at) => {
        const random = randomFrom(seed)
        let offset = 0
        const ranges = sizes.map((size) =>
          Array.from({ length: size }, () =>
            lineAt(offset++, knownLine(random).text, { service: random() < 0.5 ? 'epg' : 'drm', partition: random() < 0.5 ? 1 : 2 }),
          ),
        )
        const through = createPatternStep(LIMITS)
        const seen = ranges.map((lines) => range(through, lines))
        const cut = 1 + (at % (ranges.length - 1))
        const restarted = createPatternStep(LIMITS)
        const rows = seen.flatMap((each) => each.rows)
        for (const partition of [1, 2]) restarted.restore(partition, stored(rows, partition, ranges[cut]?.[0]?.offset ?? 0))
        expect(ranges.slice(cut).map((lines) => range(restarted, lines))).toEqual(seen.slice(cut))
      }),
      { numRuns: 100 },
    )
  })
})
