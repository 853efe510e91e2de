import type { TailDropped, TailLines, TailState } from '@skein/schemas/api/logs'
import type { Problem } from '@skein/schemas/problem'
import type { TailPosition, TailStep } from '@skein/store/contract-logs'
import { tailId } from './tail-id.ts'

const POLL_MS = 200
/** Lines read at a time: what comes in within a second, when ranges are that long, and more than a page takes. */
export const STEP_LINES = 10_000
/** Characters of bodies in one event. What comes in faster is left out, so that a step of long lines takes no more memory than one of many. */
export const STEP_CHARACTERS = 8_000_000
/**
 * What a reader may have not taken up yet; while it has more, nothing is sent and lines are counted, which it is told of when it has less again. Less than
 * half a second of a busy tail: what lies here is as old on the screen, on top of what the network holds, and who cannot keep up is helped more by new
 * lines than by all.
 */
export const MAX_BACKLOG_BYTES = 2 ** 20
const STATE_MS = 1000
const SILENT_MS = 10_000
const RETRY_MS = 1000
/** So many failures one after the other end a tail. */
const MOST_FAILURES = 30

/** Who reads. */
export interface TailSink {
  write(text: string): void
  backlogBytes(): number
  isOver(): boolean
}

export interface TailSource {
  /** What came in behind a position; `limit` 0 only counts. */
  step(from: TailPosition, limit: number): Promise<TailStep>
  answer(step: Pick<TailStep, 'rows'>): Promise<TailLines>
  problemOf(error: unknown): Problem
}

export interface TailOptions {
  source: TailSource
  sink: TailSink
  /** Unix ms. */
  clock: () => number
  /** Resolves after a time, at once when it is over. */
  wait: (ms: number) => Promise<void>
}

interface Run {
  position: TailPosition
  /** Lines that were sent before the first step, which a step may find again. */
  sent: ReadonlySet<string>
  dropped: number
  /** Of these, what a slow reader was not told of yet. */
  untold: number
  failures: number
  writtenMs: number
  stateMs: number
  lines: number
  behindMs: number | null
  wasIdle: boolean
  /** Lines that came in, of the search or not; and what of them was told. */
  seen: number
  toldSeen: number
}

/** Sends what comes in until nobody reads. Each step is one event, so that a reader that comes back with its id has each line once. */
export async function runTail(options: TailOptions, start: { position: TailPosition; lines: TailLines }): Promise<void> {
  const { sink, clock, wait } = options
  sink.write(`retry: ${RETRY_MS}\n\n`)
  const run: Run = {
    position: start.position,
    sent: new Set(start.lines.lines.map(({ id }) => id)),
    dropped: 0,
    untold: 0,
    failures: 0,
    writtenMs: clock(),
    stateMs: clock(),
    lines: 0,
    behindMs: null,
    wasIdle: false,
    seen: 0,
    toldSeen: 0,
  }
  sink.write(eventText('lines', start.lines, tailId(start.position)))
  while (!sink.isOver()) {
    const startedMs = clock()
    const failed = await takeStep(options, run)
    const tookMs = clock() - startedMs
    if (failed !== null) return sink.write(eventText('problem', failed))
    tellState(options, run)
    await wait(run.failures > 0 ? RETRY_MS : pauseMs(sink, tookMs))
  }
}

/** Questions of tails delay what is inserted, and so the tails: a busy store is asked half of the time at most, and for counts alone once a second. */
function pauseMs(sink: TailSink, tookMs: number): number {
  return Math.max(sink.backlogBytes() > MAX_BACKLOG_BYTES ? STATE_MS : POLL_MS, tookMs)
}

/** Answers a problem when the tail cannot go on. */
async function takeStep({ source, sink, clock }: TailOptions, run: Run): Promise<Problem | null> {
  const isSlow = sink.backlogBytes() > MAX_BACKLOG_BYTES
  try {
    const step = await source.step(run.position, isSlow ? 0 : STEP_LINES)
    const { rows, left } = carried(step, run)
    const answer = rows.length === 0 ? null : await source.answer({ rows })
    // Only what was read whole is behind the tail: a step that failed is taken again.
    run.position = step.position
    run.failures = 0
    if (step.oldestMs !== null) run.behindMs = Math.max(run.behindMs ?? 0, clock() - step.oldestMs)
    run.lines += rows.length + left
    run.seen += step.seen
    run.dropped += left
    if (isSlow) run.untold += left
    else send({ sink, clock }, run, { answer, left })
    return null
  } catch (error) {
    run.failures++
    return run.failures >= MOST_FAILURES ? source.problemOf(error) : null
  }
}

/** The lines of a step that go out, and how many do not. */
function carried(step: TailStep, { sent }: Run): Pick<TailStep, 'rows' | 'left'> {
  const unsent = sent.size === 0 ? step.rows : step.rows.filter(({ id }) => !sent.has(id))
  let characters = 0
  const rows = unsent.filter(({ body }) => (characters += body.length) <= STEP_CHARACTERS)
  return { rows, left: step.left + unsent.length - rows.length }
}

function send({ sink, clock }: Pick<TailOptions, 'sink' | 'clock'>, run: Run, { answer, left }: { answer: TailLines | null; left: number }): void {
  const told = (lines: number, reason: TailDropped['reason']): void => {
    if (lines > 0) sink.write(eventText('dropped', { lines, total: run.dropped - (reason === 'slow_reader' ? left : 0), reason }))
  }
  told(run.untold, 'slow_reader')
  told(left, 'rate')
  if (answer !== null) sink.write(eventText('lines', answer, tailId(run.position)))
  if (answer !== null || left + run.untold > 0) run.writtenMs = clock()
  run.untold = 0
}

/** Once a second while something comes in, of the search or not, and once when it no longer does; else a sign of life now and then. */
function tellState({ sink, clock }: TailOptions, run: Run): void {
  const nowMs = clock()
  if (sink.backlogBytes() > MAX_BACKLOG_BYTES) return
  if (nowMs - run.stateMs >= STATE_MS) {
    const isIdle = run.lines === 0
    if (!isIdle || !run.wasIdle || run.seen > run.toldSeen) {
      const linesPerSecond = Math.round((run.lines * 1000) / (nowMs - run.stateMs))
      const state: TailState = { linesPerSecond, behindMs: isIdle ? null : run.behindMs, seen: run.seen }
      sink.write(eventText('state', state))
      run.writtenMs = nowMs
    }
    run.wasIdle = isIdle
    run.toldSeen = run.seen
    run.lines = 0
    run.behindMs = null
    run.stateMs = nowMs
  }
  if (nowMs - run.writtenMs < SILENT_MS) return
  sink.write(':\n\n')
  run.writtenMs = nowMs
}

function eventText(name: 'lines' | 'dropped' | 'state' | 'problem', data: TailLines | TailDropped | TailState | Problem, id?: string): string {
  return `${id === undefined ? '' : `id: ${id}\n`}event: ${name}\ndata: ${JSON.stringify(data)}\n\n`
}
