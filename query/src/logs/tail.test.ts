import type { TailDropped, TailLines } from '@skein/schemas/api/logs'
import type { LogRow, TailPosition, TailStep } from '@skein/store/contract-logs'
import { describe, expect, it, test } from 'vitest'
import { fakeLogLines } from '../testing/fake-log-lines.ts'
import { MAX_BACKLOG_BYTES, runTail, STEP_CHARACTERS, STEP_LINES } from './tail.ts'
import { parseTailId, tailId } from './tail-id.ts'

const NOW_MS = Date.UTC(2026, 10, 22, 12)
const ROWS = fakeLogLines({ startMs: NOW_MS - 60_000, endMs: NOW_MS }, NOW_MS)
const at = (offset: number): TailPosition => ({ sinceMs: NOW_MS, partitions: new Map([[3, { offset, receivedMs: NOW_MS + offset }]]) })

interface Shown {
  events: { id?: string; event: string; data: unknown }[]
  comments: number
}

function shownIn(text: string): Shown {
  const blocks = text.split('\n\n').filter((block) => block !== '')
  const events = blocks
    .filter((block) => block.includes('event: '))
    .map((block) => Object.fromEntries(block.split('\n').map((line) => line.split(/: (.*)/s).slice(0, 2))) as Record<string, string>)
  return {
    comments: blocks.filter((block) => block === ':').length,
    events: events.map(({ id, event = '', data = '' }) => ({ event, data: JSON.parse(data) as unknown, ...(id === undefined ? {} : { id }) })),
  }
}

interface Readers {
  /** Of each step. */
  tookMs?: number
  backlog?: () => number
  sent?: readonly LogRow[]
  failing?: () => boolean
  wrote?: (text: string) => void
  /** Answers bodies too. */
  whole?: boolean
}

/** A tail over steps given beforehand, one every fifth of a second, until there are no more. */
async function tailed(
  steps: readonly (Partial<TailStep> | Error)[],
  { backlog = () => 0, sent = [], failing = () => false, wrote = () => undefined, whole = false, tookMs = 0 }: Readers = {},
): Promise<Shown & { limits: number[]; asked: string[]; askedMs: number[] }> {
  let nowMs = NOW_MS
  let text = ''
  let taken = 0
  const limits: number[] = []
  const askedMs: number[] = []
  const asked: string[] = []
  const answer = async ({ rows }: { rows: readonly LogRow[] }): Promise<TailLines> => ({
    lines: rows.map(({ id, body }) => (whole ? { id, body } : { id })) as TailLines['lines'],
    resources: {},
  })
  await runTail(
    {
      clock: () => nowMs,
      wait: async (ms) => void (nowMs += ms),
      sink: {
        write: (piece) => {
          text += piece
          wrote(piece)
        },
        backlogBytes: backlog,
        isOver: () => taken >= steps.length,
      },
      source: {
        answer: async (step) => {
          if (failing()) throw new Error('away')
          return answer(step)
        },
        problemOf: () => ({ type: 'about:blank', title: 'away', status: 503, code: 'store_unavailable' }),
        async step(from, limit) {
          limits.push(limit)
          askedMs.push(nowMs - NOW_MS)
          nowMs += tookMs
          asked.push(tailId(from))
          const step = steps[taken++]
          if (step instanceof Error) throw step
          const rows = step?.rows ?? []
          const left = (step?.left ?? 0) + rows.slice(limit).length
          return { seen: rows.length, oldestMs: null, position: from, ...step, rows: rows.slice(0, limit), left }
        },
      },
    },
    { position: at(0), lines: await answer({ rows: sent }) },
  )
  return { ...shownIn(text), limits, asked, askedMs }
}

const linesOf = ({ events }: Shown): string[] => events.flatMap(({ event, data }) => (event === 'lines' ? (data as TailLines).lines.map(({ id }) => id) : []))

describe('a tail', () => {
  it('sends each step as one event whose id goes on behind it', async () => {
    const shown = await tailed([
      { rows: ROWS.slice(0, 3), position: at(1), oldestMs: NOW_MS },
      {},
      { rows: ROWS.slice(3, 5), position: at(2), oldestMs: NOW_MS },
    ])
    expect(linesOf(shown)).toEqual(ROWS.slice(0, 5).map(({ id }) => id))
    expect(shown.events.filter(({ event }) => event === 'lines').map(({ id }) => parseTailId(id ?? ''))).toEqual([at(0), at(1), at(2)])
    expect(shown.asked).toEqual([at(0), at(1), at(1)].map(tailId))
  })

  it('sends no line again that it sent before it began', async () => {
    const shown = await tailed([{ rows: ROWS.slice(0, 4), position: at(1), oldestMs: NOW_MS }], { sent: ROWS.slice(0, 2) })
    expect(linesOf(shown)).toEqual(ROWS.slice(0, 4).map(({ id }) => id))
  })

  it('counts what it does not send: to a slow reader, and of more than it carries', async () => {
    const steps: Partial<TailStep>[] = [7, 5, 3, 2].map((left, step) => ({ left, position: at(step + 1) }))
    let asked = 0
    const isSlow = () => [false, true, true, false][Math.floor(asked++ / 3)] ?? false
    const shown = await tailed(steps, { backlog: () => (isSlow() ? MAX_BACKLOG_BYTES + 1 : 0) })
    expect(shown.limits).toEqual([STEP_LINES, 0, 0, STEP_LINES])
    expect(shown.events.filter(({ event }) => event === 'dropped').map(({ data }) => data)).toEqual([
      { lines: 7, total: 7, reason: 'rate' },
      { lines: 8, total: 15, reason: 'slow_reader' },
      { lines: 2, total: 17, reason: 'rate' },
    ])
  })

  it('says once a second how fast it is and how far behind, once that nothing comes in, and then that it lives', async () => {
    const steps = Array.from({ length: 120 }, (_, i) => (i < 4 ? { rows: ROWS.slice(i, i + 1), position: at(i + 1), oldestMs: NOW_MS - 300 + i * 250 } : {}))
    const shown = await tailed(steps)
    const states = shown.events.filter(({ event }) => event === 'state').map(({ data }) => data)
    expect(states).toEqual([
      { linesPerSecond: 4, behindMs: 300, seen: 4 },
      { linesPerSecond: 0, behindMs: null, seen: 4 },
    ])
    expect(shown.comments).toBe(2)
  })

  it('tells of lines that come in and are not of its search', async () => {
    const shown = await tailed(Array.from({ length: 20 }, (_, i) => (i < 12 ? { seen: 1000 } : {})))
    const states = shown.events.filter(({ event }) => event === 'state').map(({ data }) => data)
    expect(states).toEqual([6000, 11_000, 12_000].map((seen) => ({ linesPerSecond: 0, behindMs: null, seen })))
  })

  it('holds no more than a backlog and one event for a reader that takes nothing up, for however long, and tells of every line it left out', async () => {
    const long = ROWS.map((row) => ({ ...row, body: 'x'.repeat(400_000) }))
    const steps = Array.from({ length: 200 }, (_, i) => ({ rows: i < 3 ? long : [], left: 1, position: at(i + 1), oldestMs: NOW_MS }))
    let bytes = 0
    let last = 0
    // In the end it takes up all.
    const backlog = () => (last++ < 3 * 198 ? bytes : 0)
    const shown = await tailed(steps, { backlog, wrote: (text) => void (bytes += text.length), whole: true })
    expect(bytes).toBeLessThan(MAX_BACKLOG_BYTES + STEP_CHARACTERS + 100_000)
    const totals = shown.events.filter(({ event }) => event === 'dropped').map(({ data }) => (data as TailDropped).total)
    expect(totals).toHaveLength(4)
    expect(totals.at(-1)).toBe(3 * long.length + steps.length - linesOf(shown).length)
  })

  it('asks a busy store half of the time at most, and once a second while its reader takes nothing up', async () => {
    const steps = Array.from({ length: 4 }, () => ({}))
    expect((await tailed(steps)).askedMs).toEqual([0, 200, 400, 600])
    expect((await tailed(steps, { tookMs: 700 })).askedMs).toEqual([0, 1400, 2800, 4200])
    expect((await tailed(steps, { backlog: () => MAX_BACKLOG_BYTES + 1 })).askedMs).toEqual([0, 1000, 2000, 3000])
  })

  it('goes on where it was after the store was away, and ends with a problem when that lasts', async () => {
    const away = new Error('away')
    const shown = await tailed([away, away, { rows: ROWS.slice(0, 1), position: at(1), oldestMs: NOW_MS }])
    expect(shown.asked).toEqual([at(0), at(0), at(0)].map(tailId))
    expect(linesOf(shown)).toEqual([ROWS[0]?.id])
    const ended = await tailed(Array.from({ length: 40 }, () => away))
    expect(ended.events.at(-1)).toMatchObject({ event: 'problem', data: { code: 'store_unavailable' } })
    expect(ended.limits).toHaveLength(30)
  })

  it('takes a step again whose lines could not be read, and neither loses nor counts any of it', async () => {
    const step = { rows: ROWS.slice(0, 2), left: 3, position: at(1), oldestMs: NOW_MS }
    const failing = [true, false, false]
    const shown = await tailed([step, step, { rows: ROWS.slice(2, 3), position: at(2), oldestMs: NOW_MS }], { failing: () => failing.shift() === true })
    expect(shown.asked).toEqual([at(0), at(0), at(1)].map(tailId))
    expect(linesOf(shown)).toEqual(ROWS.slice(0, 3).map(({ id }) => id))
    expect(shown.events.filter(({ event }) => event === 'dropped').map(({ data }) => data)).toEqual([{ lines: 3, total: 3, reason: 'rate' }])
  })

  it('ends with a problem when lines can never be read', async () => {
    const steps = Array.from({ length: 40 }, (_, i) => ({ rows: ROWS.slice(i, i + 1), position: at(i + 1), oldestMs: NOW_MS }))
    const ended = await tailed(steps, { failing: () => true })
    expect(ended.events.at(-1)).toMatchObject({ event: 'problem', data: { code: 'store_unavailable' } })
    expect(new Set(ended.asked)).toEqual(new Set([tailId(at(0))]))
    expect(ended.limits).toHaveLength(30)
  })
})

test('what is no id of an event is no position', () => {
  expect(parseTailId(tailId({ sinceMs: 5, partitions: new Map() }))).toEqual({ sinceMs: 5, partitions: new Map() })
  for (const id of ['', '-1', 'x_', '1_2.3', '1_2.3.4.5', '1_zz.1.1', '1_a.b.C', '1_1.zzzzzzzzzzz.1', '\u0000']) expect(parseTailId(id)).toBeNull()
})
