import { type EventsAnswer, eventsAnswer } from '@skein/schemas/api/events'
import { jaegerDependencies, jaegerNames, jaegerTraces } from '@skein/schemas/api/jaeger'
import { type TopologyDiffAnswer, topologyDiffAnswer } from '@skein/schemas/api/topology-diff'
import { topologyFramesAnswer } from '@skein/schemas/api/topology-frames'
import { traceComparisonAnswer } from '@skein/schemas/api/trace-comparison'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { z } from 'zod'
import { apiOf } from './harness/api.ts'
import { send, sendJson } from './harness/http.ts'
import { eventually, type SkeinUp, startUp } from './harness/skein-process.ts'
import { text } from './harness/spans.ts'

const SERVER = 2
const CLIENT = 3
const MINUTE_MS = 60_000
/** Minutes of each window, and calls a minute. */
const MINUTES = 20
const CALLS = 12

let skein: SkeinUp
/** When the release came: the end of the first window and the start of the second. */
let releaseMs: number

beforeAll(async () => {
  skein = await startUp()
  releaseMs = (Math.floor(Date.now() / MINUTE_MS) - MINUTES) * MINUTE_MS
  for (let minute = -MINUTES; minute < MINUTES; minute++) {
    expect((await sendJson(skein.otlpHttp, minuteOfCalls(minute))).status).toBe(200)
  }
})

afterAll(() => skein.destroy())

/** The shop calls stock every few seconds. From the release on, stock 1.1 is slow, fails now and then, and asks prices first. */
function minuteOfCalls(minute: number): object {
  const released = minute >= 0
  const resources = new Map<string, object[]>()
  for (let call = 0; call < CALLS; call++) {
    const number = (minute + MINUTES) * CALLS + call + 1
    const traceId = number.toString(16).padStart(32, '0')
    const id = (prefix: string): string => `${prefix}${number.toString(16).padStart(15, '0')}`
    const startMs = releaseMs + minute * MINUTE_MS + call * 4000
    const tookMs = released ? 300 + call : 30 + call
    const failed = released && call % 4 === 0
    const span = (service: string, own: object, [fromMs, toMs]: [number, number]): void => {
      const spans = resources.get(service) ?? []
      resources.set(service, spans)
      spans.push({ traceId, startTimeUnixNano: `${startMs + fromMs}000000`, endTimeUnixNano: `${startMs + toMs}000000`, ...own })
    }
    span('shop', { spanId: id('1'), kind: SERVER, name: 'GET /cart' }, [0, tookMs + 10])
    span('shop', { spanId: id('2'), parentSpanId: id('1'), kind: CLIENT, name: 'GET' }, [2, tookMs + 8])
    const status = failed ? { status: { code: 2, message: 'sold out' } } : {}
    span('stock', { spanId: id('3'), parentSpanId: id('2'), kind: SERVER, name: 'GET /stock', attributes: [text('shelf', `s${call % 3}`)], ...status }, [
      4,
      tookMs + 6,
    ])
    if (!released) continue
    span('stock', { spanId: id('4'), parentSpanId: id('3'), kind: CLIENT, name: 'GET' }, [6, 26])
    span('prices', { spanId: id('5'), parentSpanId: id('4'), kind: SERVER, name: 'GET /prices' }, [8, 24])
  }
  return {
    resourceSpans: [...resources].map(([service, spans]) => ({ resource: resourceOf(service, released), scopeSpans: [{ scope: { name: 'by-hand' }, spans }] })),
  }
}

function resourceOf(service: string, released: boolean): object {
  const version = service === 'stock' && released ? '1.1' : '1.0'
  return { attributes: [text('service.name', service), text('service.version', version), text('service.instance.id', `${service}-${version}`)] }
}

async function get<T>(path: string, schema: z.ZodType<T>): Promise<T> {
  const response = await fetch(`${skein.api}${path}`)
  expect(response.status, `${path}: ${await response.clone().text()}`).toBe(200)
  return schema.parse(await response.json())
}

const post = (event: object) => send(`${skein.api}/api/events`, { headers: { 'content-type': 'application/json' }, body: JSON.stringify(event) })

const windowQuery = () => `start=${releaseMs}&end=${releaseMs + MINUTES * MINUTE_MS}`

describe('a release that makes one edge worse', () => {
  it('is found as an event, without anybody telling', async () => {
    const { events } = await eventually(async () => {
      const answer = await get<EventsAnswer>(`/api/events?${windowQuery()}`, eventsAnswer)
      expect(answer.events).toHaveLength(1)
      return answer
    }, 20_000)
    expect(events).toMatchObject([
      { kind: 'version', source: 'found', service: 'stock', fromVersion: '1.0', toVersion: '1.1', instanceShare: 1, time: new Date(releaseMs).toISOString() },
    ])
  })

  it('is the likely cause of the changed edge and of the new one, against the window before', async () => {
    const diff = await eventually(async () => {
      const answer = await get<TopologyDiffAnswer>(`/api/topology/diff?${windowQuery()}`, topologyDiffAnswer)
      const stock = answer.edges.find(({ target }) => target.name === 'stock')
      expect(stock?.now?.calls).toBe(MINUTES * CALLS)
      // what a call of stock is waited for: 4 ms between both sides, and its own time without what it waits for prices
      expect([stock?.base?.selfTimeMs, stock?.now?.selfTimeMs]).toEqual([expect.closeTo(41.5, 1), expect.closeTo(291.5, 1)])
      return answer
    }, 40_000)
    expect(diff.base).toEqual({ start: new Date(releaseMs - MINUTES * MINUTE_MS).toISOString(), end: new Date(releaseMs).toISOString(), choice: 'before' })
    expect(diff.nodes.map(({ node, change }) => [node.name, change])).toEqual([['prices', 'new']])
    expect(diff.edges.map(({ source, target, change }) => `${source.name} > ${target.name} ${change}`).toSorted()).toEqual([
      'shop > stock changed',
      'stock > prices new',
      'user > shop changed',
    ])
    const stock = diff.edges.find(({ target }) => target.name === 'stock')
    expect(stock?.effects.map(({ measure, worse }) => [measure, worse])).toEqual([
      ['errorRate', true],
      ['p95', true],
      ['selfTime', true],
    ])
    expect(stock?.now?.errorRate).toBe(0.25)
    for (const edge of diff.edges.filter(({ source, target }) => [source.name, target.name].includes('stock'))) {
      expect(edge.causes[0]).toMatchObject({ kind: 'version', service: 'stock', confidence: 'likely' })
    }
  })

  it('shows minute by minute in the frames of the map', async () => {
    const start = releaseMs - MINUTES * MINUTE_MS
    const query = `start=${start}&end=${start + 2 * MINUTES * MINUTE_MS}`
    const frames = await get(`/api/topology/frames?${query}`, topologyFramesAnswer)
    const map = await apiOf(skein.api).topology(`?${query}`)
    const named = new Map(map.nodes.map(({ id, name }) => [id, name]))
    const edgeAt = (name: string): number => frames.edges.indexOf(map.edges.find(({ target }) => named.get(target) === name)?.id ?? '')
    const [stock, prices] = [edgeAt('stock'), edgeAt('prices')]
    expect(frames.frames).toHaveLength(2 * MINUTES)
    expect(frames.frames.map(({ calls }) => calls[stock])).toEqual(Array(2 * MINUTES).fill(CALLS))
    expect(frames.frames.map(({ calls }) => calls[prices])).toEqual([...Array<null>(MINUTES).fill(null), ...Array<number>(MINUTES).fill(CALLS)])
    expect(frames.frames.map(({ errors }) => errors[stock])).toEqual([...Array<number>(MINUTES).fill(0), ...Array<number>(MINUTES).fill(3)])
    for (const [minute, { p95Ms }] of frames.frames.entries()) expect((p95Ms[stock] ?? 0) > 200).toBe(minute >= MINUTES)
  })

  it('is what the slow traces have in common', async () => {
    const query = `start=${releaseMs - MINUTES * MINUTE_MS}&end=${releaseMs + MINUTES * MINUTE_MS}&selMinMs=100`
    const compared = await get(`/api/traces/comparison?${query}`, traceComparisonAnswer)
    expect(compared).toMatchObject({ selected: { traces: MINUTES * CALLS }, rest: { traces: MINUTES * CALLS }, sampled: false })
    const version = compared.attributes.find(({ key }) => key === 'service.version')
    expect(version?.scope).toBe('resource')
    expect(version?.values[0]).toEqual({ value: '1.1', selectedShare: 1, restShare: 0 })
    expect(version?.score).toBe(compared.attributes[0]?.score)
    expect(compared.attributes.map(({ key }) => key)).not.toContain('shelf')
    const found = await apiOf(skein.api).traces(`?start=${releaseMs - MINUTES * MINUTE_MS}&attr=service.version%3D1.1&limit=500`)
    expect(found.traces).toHaveLength(MINUTES * CALLS)
  })

  it('is beside what people told, which stays when the process is killed right after it answered', async () => {
    const event = { kind: 'config', title: 'cart cache off', service: 'shop', time: releaseMs - MINUTE_MS, id: 'change/77', link: 'https://ci.example/77' }
    expect((await post(event)).status).toBe(201)
    process.kill(skein.childPid('engine'), 'SIGKILL')
    const told = await eventually(async () => {
      const { events } = await get<EventsAnswer>(`/api/events?start=${releaseMs - 5 * MINUTE_MS}&end=${releaseMs}`, eventsAnswer)
      return events
    }, 60_000)
    expect(told).toMatchObject([{ id: 'change/77', source: 'posted', title: 'cart cache off' }])
    expect((await post(event)).status).toBe(201)
    expect((await post({ ...event, title: 'something else' })).status).toBe(409)
    const diff = await get<TopologyDiffAnswer>(`/api/topology/diff?${windowQuery()}`, topologyDiffAnswer)
    const stock = diff.edges.find(({ target }) => target.name === 'stock')
    expect(stock?.causes.map(({ kind, eventId }) => [kind, eventId === 'change/77']).slice(0, 2)).toEqual([
      ['version', false],
      ['config', true],
    ])
  })

  it('can be read by what reads Jaeger', async () => {
    const names = await get('/jaeger/api/services', jaegerNames)
    expect(names.data).toEqual(['prices', 'shop', 'stock'])
    const tags = encodeURIComponent(JSON.stringify({ error: 'true', shelf: 's1' }))
    const query = `service=stock&operation=GET%20%2Fstock&tags=${tags}&minDuration=100ms&start=${releaseMs * 1000}&end=${Date.now() * 1000}&limit=7`
    const found = await get(`/jaeger/api/traces?${query}`, jaegerTraces)
    expect(found.data).toHaveLength(7)
    const [trace] = found.data
    const stock = trace?.spans.find(({ operationName }) => operationName === 'GET /stock')
    expect(trace?.processes[stock?.processID ?? '']).toMatchObject({ serviceName: 'stock' })
    expect(stock?.tags).toEqual(
      expect.arrayContaining([
        { key: 'otel.scope.name', type: 'string', value: 'by-hand' },
        { key: 'error', type: 'bool', value: true },
        { key: 'otel.status_description', type: 'string', value: 'sold out' },
      ]),
    )
    expect((await get(`/jaeger/api/traces/${trace?.traceID}`, jaegerTraces)).data).toEqual([trace])
    const { data } = await get(`/jaeger/api/dependencies?endTs=${Date.now()}&lookback=${3 * MINUTES * MINUTE_MS}`, jaegerDependencies)
    expect(data.toSorted((a, b) => (a.parent < b.parent ? -1 : 1))).toEqual([
      { parent: 'shop', child: 'stock', callCount: 2 * MINUTES * CALLS },
      { parent: 'stock', child: 'prices', callCount: MINUTES * CALLS },
    ])
  })
})
