import { gunzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { compress, type Encoding, encodingOf } from './compress.ts'
import { createCounters } from './counters.ts'
import type { Delivery } from './exporter.ts'
import { createSender, type Outgoing } from './sender.ts'

const OK: Delivery = { kind: 'ok', rejected: 0, message: '' }
const AWAY: Delivery = { kind: 'retry', afterMs: null, why: 'the collector answers 503', config: false }
const TOO_LARGE: Delivery = { kind: 'smaller', why: 'the collector takes no request of this size (413)' }
const BODY: Buffer = Buffer.from('\n\x05hello')

/** A sender whose clock goes on by what it waits, with answers in order; the last is repeated. */
function senderOf(answers: ((body: Buffer, encoding: Encoding) => Delivery)[], encoding: Encoding = 'zstd') {
  const counters = createCounters()
  const events: Record<string, unknown>[] = []
  const tell = (fields: object): void => void events.push(fields as Record<string, unknown>)
  const waits: number[] = []
  const sent: Encoding[] = []
  const sender = createSender({
    signal: 'metrics',
    exporter: {
      send: async (body, as) => (sent.push(as), (answers.length > 1 ? answers.shift() : answers[0])?.(body, as) ?? OK),
      close: () => undefined,
    },
    encoding,
    counters,
    logger: { debug: tell, info: tell, warn: tell, error: tell },
    random: () => 0.5,
    sleep: async (ms) => void waits.push(ms),
    meanwhile: 'they wait',
  })
  const send = (outgoing: Partial<Outgoing> = {}, body: Buffer = BODY) => sender.send(body, { packed: 'none', records: 3, size: 'fixed', ...outgoing })
  return { sender, send, counters, events, waits, sent }
}

it('an hour without a collector: it waits longer and longer up to half a minute, says so once, and what it holds is delivered', async () => {
  const { send, waits, events, counters, sender } = senderOf([...Array.from({ length: 130 }, () => () => AWAY), () => OK])
  expect(await send()).toBe('settled')
  expect(waits.reduce((sum, ms) => sum + ms, 0)).toBeGreaterThan(3_600_000)
  expect(waits.slice(0, 8)).toEqual([250, 500, 1000, 2000, 4000, 8000, 16_000, 30_000])
  expect(Math.max(...waits)).toBe(30_000)
  expect(events.map(({ event }) => event)).toEqual(['collector_away', 'collector_back'])
  expect([counters.retries, counters.drops, sender.trouble]).toEqual([130, [], null])
})

it('a collector that asks for patience gets it, five minutes at most', async () => {
  const { send, waits } = senderOf([() => ({ ...AWAY, afterMs: 40_000 }), () => ({ ...AWAY, afterMs: 9e9 }), () => OK])
  await send()
  expect(waits).toEqual([40_000, 300_000])
})

it('415: the same request comes packed otherwise, at once and from then on, and nothing is dropped', async () => {
  const pack = async (as: Encoding): Promise<Buffer> => compress(BODY, as)
  const bodies: string[] = []
  const { send, sent, counters, sender, waits } = senderOf([
    (body, as) => {
      if (as !== 'none') return { kind: 'encoding' }
      bodies.push(body.toString())
      return OK
    },
  ])
  expect(await send({ packed: 'zstd' }, await pack('zstd'))).toBe('settled')
  expect(await send({ packed: 'gzip' }, await pack('gzip'))).toBe('settled')
  expect(sent).toEqual(['zstd', 'gzip', 'none', 'none'])
  expect(bodies).toEqual([BODY.toString(), BODY.toString()])
  expect([sender.encoding, counters.drops, waits]).toEqual(['none', [], []])
})

it('415 of everything is waited with: somebody has to mend the address', async () => {
  let asked = 0
  const { send, counters, events } = senderOf([() => (++asked < 4 ? { kind: 'encoding' } : OK)])
  expect(await send()).toBe('settled')
  expect(counters.drops).toEqual([])
  expect(events[0]).toMatchObject({ event: 'collector_away', why: expect.stringContaining('agent.endpoint') as string })
})

it('413: what can be halved is, one record or what cannot be halved is dropped with its reason, and files wait', async () => {
  const { send, counters, waits } = senderOf([() => TOO_LARGE, () => TOO_LARGE, () => TOO_LARGE, () => TOO_LARGE, () => OK])
  expect(await send({ size: 'divisible' })).toBe('smaller')
  expect(counters.drops).toEqual([])
  expect(await send({ size: 'divisible', records: 1 })).toBe('settled')
  expect(await send({ size: 'fixed', records: 40 })).toBe('settled')
  expect(counters.drops).toEqual([{ signal: 'metrics', reason: 'intake_body_bytes', records: 41 }])
  expect(await send({ size: 'smallest' })).toBe('settled')
  expect(waits).toHaveLength(1)
  expect(counters.drops[0]?.records).toBe(41)
})

it('what is refused for good is counted by reason, and told once however often and with whatever numbers', async () => {
  let at = 0
  const { send, counters, events } = senderOf([() => ({ kind: 'ok', rejected: 2, message: `${++at} data points rejected` })])
  for (let n = 0; n < 50; n++) await send()
  expect(counters.drops).toEqual([{ signal: 'metrics', reason: 'collector_refused', records: 100 }])
  expect(events).toHaveLength(1)
})

it('a request says by its first bytes how it is packed', async () => {
  for (const as of ['zstd', 'gzip', 'none'] as const) expect(encodingOf(await compress(BODY, as))).toBe(as)
  expect(encodingOf(Buffer.alloc(0))).toBe('none')
  expect(gunzipSync(await compress(BODY, 'gzip'))).toEqual(BODY)
})
