import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { apiOf } from './harness/api.ts'
import { sendJson } from './harness/http.ts'
import { eventually, type SkeinUp, startUp } from './harness/skein-process.ts'
import { exportOf, text } from './harness/spans.ts'

const SERVER = 2
const CLIENT = 3
/** Quick plays, and slow ones whose time goes to one edge. */
const QUICK = 95
const SLOW = 5

let skein: SkeinUp

beforeAll(async () => {
  skein = await startUp()
})

afterAll(() => skein.destroy())

interface Timed {
  id: string
  parent?: string
  kind: number
  name: string
  fromMs: number
  toMs: number
}

/** A play: gateway calls playback, which calls drm over a network that may be slow, and reads a cache. */
function play(number: number, networkMs: number, startMs: number): { service: string; spans: object[] }[] {
  const traceId = (number + 1).toString(16).padStart(32, '0')
  const endMs = 60 + networkMs
  const spanOf = ({ id, parent, kind, name, fromMs, toMs }: Timed, more: object = {}): object => ({
    ...{ traceId, spanId: `${id}${number.toString(16).padStart(15, '0')}`, kind, name },
    ...(parent === undefined ? {} : { parentSpanId: `${parent}${number.toString(16).padStart(15, '0')}` }),
    ...{ startTimeUnixNano: `${startMs + fromMs}000000`, endTimeUnixNano: `${startMs + toMs}000000`, ...more },
  })
  const redis = { attributes: [text('db.system', 'redis'), text('server.address', 'cache-1')] }
  return [
    {
      service: 'gateway',
      spans: [
        spanOf({ id: '1', kind: SERVER, name: 'POST /play', fromMs: 0, toMs: endMs }),
        spanOf({ id: '2', parent: '1', kind: CLIENT, name: 'POST', fromMs: 5, toMs: endMs - 5 }),
      ],
    },
    {
      service: 'playback',
      spans: [
        spanOf({ id: '3', parent: '2', kind: SERVER, name: 'POST /start', fromMs: 6, toMs: endMs - 6 }),
        spanOf({ id: '4', parent: '3', kind: CLIENT, name: 'GET', fromMs: 10, toMs: 14 }, redis),
        spanOf({ id: '5', parent: '3', kind: CLIENT, name: 'POST', fromMs: 20, toMs: 40 + networkMs }),
      ],
    },
    { service: 'drm', spans: [spanOf({ id: '6', parent: '5', kind: SERVER, name: 'POST /license', fromMs: 20 + networkMs, toMs: 40 + networkMs })] },
  ]
}

async function sendPlays(startMs: number, late: boolean): Promise<void> {
  const plays = Array.from({ length: QUICK + SLOW }, (_, number) => play(number, number < QUICK ? 2 : 900, startMs)).flat()
  for (const service of late ? ['drm'] : ['gateway', 'playback']) {
    const spans = plays.flatMap((part) => (part.service === service ? part.spans : []))
    expect((await sendJson(skein.otlpHttp, exportOf(service, spans))).status).toBe(200)
  }
}

describe('where the time goes, from traces sent to what is answered', () => {
  it('the slow edge of known traces comes first among the slowest, with the time it takes, and opens as a trace whose path says the same', async () => {
    const startMs = Date.now() - 3000
    await sendPlays(startMs, false)
    await sendPlays(startMs, true)
    const answer = await eventually(async () => {
      const found = await apiOf(skein.api).bottlenecks('?band=p95')
      expect(found.entry?.traces).toBe(QUICK + SLOW)
      // a trace that was closed before its late part came is corrected
      expect(found.contributors[0]?.part).toBe('network')
      return found
    }, 40_000)
    expect(answer.entry).toMatchObject({ service: 'gateway', operation: 'POST /play' })
    expect(answer.band.traces).toBe(SLOW)
    const [worst] = answer.contributors
    expect(worst).toMatchObject({
      part: 'network',
      node: { name: 'playback' },
      operation: 'POST',
      edge: { kind: 'call', source: { name: 'playback' }, target: { name: 'drm' } },
    })
    expect(worst?.selfMs).toBe(900)
    expect(worst?.baselineMs).toBe(2)
    expect(worst?.traces).toBe(SLOW)
    expect(answer.contributors.map(({ share }) => share).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 6)
    expect(answer.contributors.find(({ part }) => part === 'clientWait')).toMatchObject({ edge: { target: { name: 'cache-1', kind: 'cache' } }, selfMs: 4 })
    expect(answer.shapes[0]?.path.map(({ service }) => service)).toEqual(['gateway', 'playback', 'cache-1', 'drm'])
    expect((await apiOf(skein.api).topology()).edges.map(({ id }) => id)).toContain(worst?.edge?.id)
    const exemplar = worst?.exemplars[0]
    const { criticalPath } = await apiOf(skein.api).trace(exemplar?.traceId ?? '')
    const own = criticalPath.filter(({ spanId }) => spanId === exemplar?.spanId)
    expect(own.reduce((sum, { startUnixNano, endUnixNano }) => sum + Number(BigInt(endUnixNano) - BigInt(startUnixNano)) / 1e6, 0)).toBe(900)
  })

  it('after kill -9 of the engine everything is still there once', async () => {
    process.kill(skein.childPid('engine'), 'SIGKILL')
    await eventually(async () => {
      const answer = await apiOf(skein.api).bottlenecks('?band=all')
      expect(answer.entry?.traces).toBe(QUICK + SLOW)
      expect(answer.contributors[0]?.traces).toBe(QUICK + SLOW)
    }, 60_000)
  })

  it('asked with a baseline that is not there it says so by name', async () => {
    const refused = await fetch(`${skein.api}/api/bottlenecks?baseline=window`)
    expect(refused.status).toBe(400)
    expect(((await refused.json()) as { detail: string }).detail).toContain('baseStart')
  })
})
