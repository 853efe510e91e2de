import type { RunRow } from '@skein/store/contract-scenarios'
import type { SpanRow } from '@skein/store/contract-traces'
import type { StoredValue } from '@skein/store/contract-terms'
import { describe, expect, test } from 'vitest'
import { timesOnPath } from '../otlp/longest-on-path.ts'
import { blamedOf } from './blame.ts'

const KINDS = { server: 2, client: 3, producer: 4, consumer: 5 } as const
const TOPIC = { 'messaging.system': 'kafka', 'messaging.destination.name': 'orders' }

interface Told {
  id: string
  parent?: string
  service: string
  kind: keyof typeof KINDS
  at: number
  ms: number
  error?: boolean
  attributes?: Record<string, StoredValue>
}

function span({ id, parent = '', service, kind, at, ms, error = false, attributes = {} }: Told): SpanRow {
  return {
    spanId: id,
    parentSpanId: parent,
    name: id,
    kind: KINDS[kind],
    status: error ? 2 : 0,
    message: '',
    service,
    scope: '',
    resource: service,
    startNs: String(1_795_546_621_411_000_000n + BigInt(at) * 1_000_000n),
    durationNs: `${ms}000000`,
    attributes: Object.entries(attributes),
    events: new Uint8Array(0),
    links: new Uint8Array(0),
  }
}

/** A shop that sends an order and waits until it is worked on: of 101 ms 70 in the queue. */
const QUEUED = [
  span({ id: 'order', service: 'shop', kind: 'server', at: 0, ms: 101 }),
  span({ id: 'send', parent: 'order', service: 'shop', kind: 'producer', at: 10, ms: 1, attributes: TOPIC }),
  span({ id: 'work', parent: 'send', service: 'worker', kind: 'consumer', at: 81, ms: 19, attributes: TOPIC }),
]

function badRun(outcome: 'slow' | 'failed'): RunRow {
  const match = { atNs: '1', durationNs: 1, traceId: 't', spanId: 'order' }
  const step = outcome === 'slow' ? { reached: match, erred: null } : { reached: null, erred: match }
  return { key: 'k', startNs: '1', endNs: '2', outcome, steps: [step], after: '' }
}

async function blamed(spans: readonly SpanRow[], outcome: 'slow' | 'failed' = 'slow') {
  const scenarios = { spans: async () => new Map([['t', [...spans]]]) }
  const asked = { tenant: 'default', startMs: 0, endMs: 1, nowMs: 1 }
  return (await blamedOf(scenarios, asked, [badRun(outcome)])).blamed
}

describe('who is blamed', () => {
  test('is the queue in which a slow run waited, on its edge to the consumer', async () => {
    const node = { kind: 'queue', name: 'kafka/orders' }
    const edge = { source: node, target: { kind: 'service', name: 'worker' } }
    expect(await blamed(QUEUED)).toMatchObject([{ node, operation: 'work', part: 'queueWait', edge, slowRuns: 1, failedRuns: 0, selfMs: 70 }])
  })

  test('is the topic that the producer names when its consumer names none, and the consumer when neither does', async () => {
    const silent = (spans: readonly SpanRow[], ...ids: string[]) => spans.map((each) => (ids.includes(each.spanId) ? { ...each, attributes: [] } : each))
    expect(await blamed(silent(QUEUED, 'work'))).toMatchObject([{ node: { kind: 'queue', name: 'kafka/orders' }, part: 'queueWait' }])
    expect(await blamed(silent(QUEUED, 'work', 'send'))).toMatchObject([{ node: { kind: 'service', name: 'worker' }, part: 'queueWait', edge: null }])
  })

  test('is not the queue when nobody waits for its consumer', async () => {
    const late = QUEUED.map((each) => (each.spanId === 'work' ? { ...each, durationNs: '900000000' } : each))
    expect(await blamed(late)).toMatchObject([{ node: { kind: 'service', name: 'shop' }, part: 'service', edge: null }])
  })

  test('is the edge between caller and callee when the network took the time, and the one to a silent peer', async () => {
    const call = span({ id: 'call', parent: 'order', service: 'shop', kind: 'client', at: 5, ms: 90, attributes: { 'server.address': 'bank.example' } })
    const answer = span({ id: 'pay', parent: 'call', service: 'bank', kind: 'server', at: 80, ms: 5 })
    const root = QUEUED.slice(0, 1)
    const shop = { kind: 'service', name: 'shop' }
    const bank = { kind: 'service', name: 'bank' }
    const outside = { kind: 'external', name: 'bank.example' }
    expect(await blamed([...root, call, answer])).toMatchObject([{ node: bank, part: 'network', edge: { source: shop, target: bank }, selfMs: 85 }])
    expect(await blamed([...root, call])).toMatchObject([{ node: outside, part: 'clientWait', edge: { source: shop, target: outside } }])
  })

  test('is where the error of a failed run came from, whatever took the time', async () => {
    const failing = QUEUED.map((each) => (each.spanId === 'work' ? { ...each, status: 2 } : each))
    expect(await blamed(failing, 'failed')).toMatchObject([{ node: { kind: 'service', name: 'worker' }, part: 'service', failedRuns: 1, slowRuns: 0 }])
  })
})

test('times on the path are together the duration of the trace, each in one place', () => {
  const second = [
    span({ id: 'send2', parent: 'order', service: 'shop', kind: 'producer', at: 20, ms: 1, attributes: TOPIC }),
    span({ id: 'work2', parent: 'send2', service: 'worker', kind: 'consumer', at: 70, ms: 5, attributes: TOPIC }),
  ]
  for (const spans of [QUEUED, [...QUEUED, ...second], [...second, ...QUEUED]]) {
    expect(timesOnPath(spans).reduce((sum, { selfNs }) => sum + selfNs, 0)).toBe(101e6)
  }
})
