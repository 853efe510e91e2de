import { createHash } from 'node:crypto'
import { type FunnelAnswer, funnelAnswer, proposalsAnswer, runsAnswer, type ScenarioView, scenarioView } from '@skein/schemas/api/scenarios'
import { type ReplayAnswer, replayAnswer } from '@skein/schemas/api/replay'
import type { ScenarioDefinition } from '@skein/schemas/scenario'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sendJson } from './harness/http.ts'
import { eventually, type SkeinUp, startUp, until } from './harness/skein-process.ts'
import { text } from './harness/spans.ts'

const STEPS = ['POST /login', 'GET /epg', 'POST /play'] as const
const definition: ScenarioDefinition = {
  name: 'login to play',
  key: 'session',
  within: '30s',
  steps: STEPS.map((operation) => ({
    name: operation,
    match: { kind: 'span', service: 'gateway', operation },
    ...(operation === 'POST /play' ? { slowMs: 500 } : {}),
  })),
  success: 'POST /play',
}

/** What a session does: how far it gets, whether play errs or is slow. */
interface Session {
  id: string
  startMs: number
  steps: number
  erred?: boolean
  playMs?: number
  model: string
}

let skein: SkeinUp
let scenario: ScenarioView

beforeAll(async () => {
  skein = await startUp()
})
afterAll(async () => {
  await skein.destroy()
})

async function ask(path: string, body?: unknown, method = 'POST'): Promise<unknown> {
  const response = await fetch(
    `${skein.api}${path}`,
    body === undefined ? {} : { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) },
  )
  const answer: unknown = await response.json()
  return response.ok ? answer : { status: response.status, ...(answer as object) }
}

const idOf = (name: string, bytes: number): string =>
  createHash('sha256')
    .update(name)
    .digest('hex')
    .slice(0, bytes * 2)
const traceOf = (session: Session, step: number): string => idOf(`${session.id} ${step}`, 16)

/** A request to the gateway, which asks one service, which asks its database. */
function spansOf(session: Session, step: number): { service: string; spans: object[] }[] {
  const operation = STEPS[step] ?? ''
  const last = step === session.steps - 1
  const tookMs = operation === 'POST /play' ? (session.playMs ?? 100) : 50
  const startMs = session.startMs + step * 2000
  const traceId = traceOf(session, step)
  const status = last && session.erred === true ? { status: { code: 2 } } : {}
  const time = (from: number, to: number) => ({ startTimeUnixNano: `${startMs + from}000000`, endTimeUnixNano: `${startMs + to}000000` })
  const span = (name: string, parent: string | null, more: object) => ({
    traceId,
    spanId: idOf(`${traceId} ${name}`, 8),
    ...(parent === null ? {} : { parentSpanId: idOf(`${traceId} ${parent}`, 8) }),
    ...status,
    ...more,
  })
  const service = operation === 'POST /play' ? 'playback' : 'account'
  const http = [text('http.request.method', 'GET')]
  return [
    {
      service: 'gateway',
      spans: [
        span('in', null, {
          name: operation,
          kind: 2,
          ...time(0, tookMs),
          attributes: [...http, text('session.id', session.id), text('device.model', session.model)],
        }),
      ],
    },
    { service: 'gateway', spans: [span('call', 'in', { name: operation, kind: 3, ...time(2, tookMs - 2), attributes: http })] },
    { service, spans: [span('work', 'call', { name: `do ${operation}`, kind: 2, ...time(4, tookMs - 4), attributes: http })] },
    {
      service,
      spans: [
        span('query', 'work', {
          name: 'SELECT',
          kind: 3,
          ...time(6, tookMs - 6),
          attributes: [text('db.system.name', 'postgresql'), text('db.namespace', service)],
        }),
      ],
    },
  ]
}

async function live(sessions: readonly Session[]): Promise<void> {
  const resourceSpans = sessions
    .flatMap((session) => Array.from({ length: session.steps }, (_, step) => spansOf(session, step)))
    .flat()
    .map(({ service, spans }) => ({ resource: { attributes: [text('service.name', service)] }, scopeSpans: [{ spans }] }))
  expect((await sendJson(skein.otlpHttp, { resourceSpans })).status).toBe(200)
}

const minutesAgo = (minutes: number): number => Math.floor(Date.now() / 60_000 - minutes) * 60_000

/** 12 of each minute: 6 play, one of them slowly; 2 fail at play; 4 leave after login or EPG, all with one model. */
function sessionsAt(startMs: number): Session[] {
  return Array.from({ length: 12 }, (_, at) => ({
    id: `s-${startMs}-${at}`,
    startMs: startMs + at * 1000,
    steps: at < 8 ? 3 : at < 10 ? 2 : 1,
    erred: at === 6 || at === 7,
    model: at >= 8 ? 'HZ55' : 'HZ65',
    ...(at === 0 ? { playMs: 900 } : {}),
  }))
}

async function funnel(startMs: number, endMs: number): Promise<FunnelAnswer> {
  return funnelAnswer.parse(await ask(`/api/scenarios/${scenario.id}/funnel?start=${startMs}&end=${endMs}`))
}

function sayFunnel({ starts, successes, failed, slow, open, steps }: FunnelAnswer) {
  return {
    starts,
    successes,
    failed,
    slow,
    open,
    reached: steps.map((step) => step.reached),
    dropped: steps.map((step) => step.dropped),
    errors: steps.map((step) => step.errors),
  }
}

const EXPECTED = { starts: 12, successes: 6, failed: 2, slow: 1, open: 0, reached: [12, 10, 6], dropped: [0, 2, 4], errors: [0, 0, 2] }
const times = (factor: number) =>
  Object.fromEntries(Object.entries(EXPECTED).map(([name, value]) => [name, Array.isArray(value) ? value.map((each) => each * factor) : value * factor]))

describe('a scenario', () => {
  const pastMs = minutesAgo(20)

  it('that is not valid is refused with the step and the reason', async () => {
    const steps = [definition.steps[0], { name: 'play', match: { kind: 'span', service: 'gateway', where: 'code >= ' } }]
    expect(await ask('/api/scenarios', { definition: { ...definition, steps, success: 'watch' } })).toMatchObject({
      status: 400,
      code: 'invalid_body',
      errors: [
        { parameter: 'definition.success', message: 'success names watch, which is no step: POST /login, play' },
        { parameter: 'definition.steps.1.match.where', message: 'step 2 "play", where column 9: code >= needs a value' },
      ],
    })
  })

  it('is filled in for the time before it was defined, exactly, and was previewed alike', { timeout: 120_000 }, async () => {
    await live(sessionsAt(pastMs))
    await eventually(async () => expect(sayFunnel(funnelAnswer.parse(await ask('/api/scenarios/preview', { definition })))).toEqual(EXPECTED), 60_000)
    scenario = scenarioView.parse(await ask('/api/scenarios', { definition }))
    const answer = await funnel(pastMs, pastMs + 60_000)
    expect(sayFunnel(answer)).toEqual(EXPECTED)
    expect(answer.evaluated).toBe('backfilled')
    expect(answer.steps[2]?.timeMs?.p50).toBeCloseTo(100, -1)
    expect(answer.cohorts[0]).toMatchObject({ key: 'device.model', value: 'HZ55', runs: 4, successes: 0 })
    const blamed = answer.blamed.map(({ node, operation, part, failedRuns, slowRuns }) => [node.name, operation, part, failedRuns, slowRuns])
    expect(blamed).toEqual([['postgresql/playback', 'SELECT', 'clientWait', 2, 1]])
  })

  it('is proposed by what sessions do', async () => {
    const { proposals, sessions } = proposalsAnswer.parse(await ask('/api/scenarios/proposals'))
    expect(sessions).toBe(12)
    expect(proposals[0]).toMatchObject({
      sessions: 8,
      definition: { key: 'session', steps: STEPS.map((operation) => ({ match: { service: 'gateway', operation } })) },
    })
  })

  it('lists its runs by outcome, and replays one frame by frame', { timeout: 60_000 }, async () => {
    const window = `start=${pastMs}&end=${pastMs + 60_000}`
    const slow = runsAnswer.parse(await ask(`/api/scenarios/${scenario.id}/runs?outcome=slow&${window}`)).runs
    expect(slow.map((run) => [run.key, run.steps.map((step) => step.state)])).toEqual([[`s-${pastMs}-0`, ['reached', 'reached', 'slow']]])
    const replay = replayAnswer.parse(await ask(`/api/scenarios/${scenario.id}/replay?run=${encodeURIComponent(slow[0]?.id ?? '')}`))
    expect(sayFrames(replay)).toEqual([
      'POST /login +0 user → gateway 50 of 50 ok',
      'POST /login +2 gateway → account 46 of 46 ok',
      'POST /login +6 account → postgresql/account 38 of 38 ok',
      'GET /epg +2000 user → gateway 50 of 50 ok',
      'GET /epg +2002 gateway → account 46 of 46 ok',
      'GET /epg +2006 account → postgresql/account 38 of 38 ok',
      'POST /play +4000 user → gateway 900 of 50 slow',
      'POST /play +4002 gateway → playback 896 of 96 slow',
      'POST /play +4006 playback → postgresql/playback 888 of 88 slow',
    ])
    const session = replayAnswer.parse(await ask(`/api/sessions/s-${pastMs}-0/replay?${window}`))
    expect(sayFrames(session)).toEqual(sayFrames(replay))
    const cohort = replayAnswer.parse(await ask(`/api/scenarios/${scenario.id}/replay?cohort=device.model:HZ55&${window}`))
    expect(cohort).toMatchObject({ mode: 'cohort', frames: [{ traces: 6 }] })
  })

  it('is matched as records come, and a kill -9 of the engine between changes no number', { timeout: 240_000 }, async () => {
    await eventually(async () => expect(Date.now()).toBeGreaterThan(Date.parse(scenario.effectiveFrom)), 10_000)
    // past the time that is filled in: these runs start a little ahead of the clock, so that who has not succeeded still may
    const first = Math.ceil((Math.max(Date.parse(scenario.effectiveFrom), Date.now()) + 180_000) / 60_000) * 60_000
    const second = first + 60_000
    await live(sessionsAt(first))
    const pid = skein.childPid('engine')
    process.kill(pid, 'SIGKILL')
    await live(sessionsAt(second))
    await eventually(async () => expect(skein.childPid('engine')).not.toBe(pid), 60_000)
    await until(`${skein.api}/readyz`)
    const open = { ...times(2), failed: 0, open: 12, dropped: [0, 0, 0] }
    await eventually(async () => expect(sayFunnel(await funnel(first, second + 60_000))).toEqual(open), 60_000)
    const streamed = await funnel(first, second + 60_000)
    expect(streamed.evaluated).toBe('streaming')
    const { runs } = runsAnswer.parse(await ask(`/api/scenarios/${scenario.id}/runs?outcome=slow&start=${first}&end=${second + 60_000}`))
    expect(runs.map((run) => run.key)).toEqual([`s-${second}-0`, `s-${first}-0`])
    // one window over both ways of knowing
    const whole = await funnel(pastMs, second + 60_000)
    expect(whole).toMatchObject({ evaluated: 'backfilled', starts: 36, successes: 18 })
  })
})

function sayFrames(replay: ReplayAnswer): string[] {
  if (replay.mode !== 'run') throw new Error('a cohort')
  const nodes = new Map(replay.nodes.map((node) => [node.id, node.name]))
  const edges = new Map(replay.edges.map((edge) => [edge.id, `${nodes.get(edge.source)} → ${nodes.get(edge.target)}`]))
  return replay.frames.map(
    (frame) =>
      `${replay.events[frame.event]?.name} +${frame.offsetMs} ${edges.get(frame.edge)} ${frame.latencyMs} of ${Math.round(frame.cohortP50Ms ?? -1)} ${frame.state}`,
  )
}
