import { partitionOfTrace } from '@skein/schemas/partition'
import type { StoredSpan, TraceQuestions } from '@skein/store/contract-traces'
import { QueryLimitError, StoreUnavailableError } from '@skein/store/errors'
import { expect, test } from 'vitest'
import { edgesOf, takeRows } from '../topology/rows-for-tests.ts'
import { batchOf, MINUTE_MS, START_MS, type TestSpan } from '../topology/spans-for-tests.ts'
import { createTopology } from '../topology/topology.ts'
import type { FoundSpans } from './found-spans.ts'
import { ALONE, finder, ITSELF, LINKED, linkTo, read, row, TRACE } from './late-spans-for-tests.ts'

const web: TestSpan = {
  trace: TRACE,
  id: 'a',
  parent: 'f',
  kind: 3,
  durationMs: 20,
  attributes: { 'db.system.name': 'mysql', 'db.namespace': '节目', 'session.id': 's', 'http.response.status_code': 200 },
  resource: { service: 'web', environment: '' },
}
const proxy: TestSpan = {
  trace: TRACE,
  id: 'b',
  parent: 'a',
  kind: 2,
  startMs: START_MS + 4,
  durationMs: 12,
  resource: { service: 'db-proxy', environment: '' },
}

test('a stored span comes back with the meaning and weight that it had, and its call is corrected', async () => {
  const asked: Parameters<TraceQuestions['stored']>[0][] = []
  const { find, metrics } = finder((lookUp) => {
    asked.push(lookUp)
    return Promise.resolve([row])
  })
  const topology = createTopology({ pairWindowMs: 5 * MINUTE_MS, maxSpansPerPartition: 100, lookUps: { perSecond: 10, backMs: 60 * MINUTE_MS } })
  const late = batchOf([{ ...proxy, envelope: { logTimeMs: START_MS + 60 * MINUTE_MS } }])
  const wants = topology.wants(late)
  topology.add(late, { emit: true, stored: read(await find(wants, new AbortController().signal)) })
  expect(asked).toMatchObject([{ tenant: 't', traceIds: [TRACE], beforeMs: START_MS + 60 * MINUTE_MS }])
  expect(edgesOf(takeRows(topology))).toEqual({ 'web > mysql/节目 db': { calls: -3, clientOnly: -3 }, 'web > db-proxy db': { calls: 3, paired: 3 } })
  expect(metrics.text(0)).toContain('skein_ingest_look_ups_total 1')
  expect(metrics.text(0)).toContain('skein_ingest_looked_up_spans_total 1')
})

test('it is asked again while the store is away, and given up when the lane stops', async () => {
  let away = 2
  const topology = createTopology({ pairWindowMs: 5 * MINUTE_MS, maxSpansPerPartition: 100, lookUps: { perSecond: 10, backMs: 60 * MINUTE_MS } })
  const wants = topology.wants(batchOf([{ ...web, envelope: { logTimeMs: START_MS + 60 * MINUTE_MS } }]))
  const stored = (): Promise<StoredSpan[]> => (away-- > 0 ? Promise.reject(new StoreUnavailableError('away')) : Promise.resolve([]))
  expect(await finder(stored).find(wants, new AbortController().signal)).toEqual({
    asked: [`0 t ${TRACE}`],
    homes: [`0 t ${TRACE}`],
    cut: [],
    requests: [],
  } satisfies FoundSpans)
  const stopping = new AbortController()
  const endless = finder(() => Promise.reject(new StoreUnavailableError('away'))).find(wants, stopping.signal)
  stopping.abort()
  await expect(endless).rejects.toThrow('stopped')
})

test('an answer over the store’s limits is asked for in parts, and no trace is left out', async () => {
  const asked: number[] = []
  const { find } = finder(({ traceIds }) => {
    asked.push(traceIds.length)
    return traceIds.length > 2 ? Promise.reject(new QueryLimitError('rows', 'too many')) : Promise.resolve(traceIds.map((traceId) => ({ ...row, traceId })))
  })
  const wants = Array.from({ length: 5 }, (_, at) => ({
    partition: 0,
    tenant: 't',
    traceId: String(at).padStart(32, '0'),
    fromMs: 0,
    toMs: 1,
    beforeMs: 1,
    ...ITSELF,
  }))
  const found = await find(wants, new AbortController().signal)
  expect(asked).toEqual([5, 2, 3, 1, 2])
  expect(found.requests.reduce((sum, { weights }) => sum + weights.length, 0)).toBe(5)
})

test('what is asked of a trace does not depend on the others asked for with it', async () => {
  const windows = new Map<string, string>()
  const { find } = finder(({ traceIds, fromMs, toMs }) => {
    for (const traceId of traceIds) windows.set(traceId, `${fromMs}-${toMs}`)
    return Promise.resolve([])
  })
  const want = (traceId: string, fromMs: number) => ({
    partition: 0,
    tenant: 't',
    traceId: traceId.padStart(32, '0'),
    fromMs,
    toMs: fromMs + 1000,
    beforeMs: 1,
    ...ITSELF,
  })
  await find([want('1', START_MS + 5000)], new AbortController().signal)
  const alone = new Map(windows)
  await find([want('1', START_MS + 5000), want('2', START_MS + 1000)], new AbortController().signal)
  expect(windows.get('1'.padStart(32, '0'))).toBe(alone.get('1'.padStart(32, '0')))
})

test('traces of other partitions are nobody’s business: a link there counts there', async () => {
  let questions = 0
  const { find } = finder(() => {
    questions++
    return Promise.resolve([])
  }, 16)
  const home = partitionOfTrace(Buffer.from(TRACE, 'hex'), 16)
  const want = { tenant: 't', traceId: TRACE, fromMs: 0, toMs: 1, beforeMs: 1, ...ITSELF }
  const found = await find([{ ...want, partition: (home + 1) % 16 }], new AbortController().signal)
  expect([questions, found.asked.length]).toEqual([0, 1])
  await find([{ ...want, partition: home }], new AbortController().signal)
  expect(questions).toBe(1)
})

test('of a late span also those that link to its trace come back, as marked copies with their links', async () => {
  const [owner, target] = ['9'.padStart(32, '0'), Buffer.from(TRACE, 'hex')]
  const link = Buffer.concat([Buffer.from([28, 0x0a, 16]), target, Buffer.from([0x12, 8]), Buffer.from('a'.padStart(16, '0'), 'hex')])
  const asked: Parameters<TraceQuestions['stored']>[0][] = []
  const { find } = finder(
    (lookUp) => {
      asked.push(lookUp)
      return Promise.resolve(lookUp.linkedOnly === true ? [{ ...row, traceId: owner, spanId: 'c'.padStart(16, '0'), links: link }] : [])
    },
    1,
    ({ traceIds }) => Promise.resolve(traceIds.map((linkedTraceId) => ({ linkedTraceId, traceId: owner, startMs: START_MS }))),
  )
  const want = { partition: 0, tenant: 't', traceId: TRACE, fromMs: START_MS, toMs: START_MS + 1, beforeMs: START_MS + 3_600_000, ...LINKED }
  const { batch } = read(await find([want], new AbortController().signal))
  expect(asked.map(({ traceIds, linkedOnly }) => [traceIds, linkedOnly])).toEqual([
    [[TRACE], undefined],
    [[owner], true],
  ])
  expect([batch.length, batch.envelopes[0]?.linkedCopy, batch.linkTo[0]! - batch.linkFrom[0]!]).toEqual([1, true, 1])
})

test('a trace with many who link is asked for once, also where the answer comes in parts', async () => {
  const owners = ['8', '9'].map((digit) => digit.padStart(32, '0'))
  const asked: string[] = []
  const { find } = finder(
    ({ traceIds, linkedOnly }) => {
      if (linkedOnly !== true) return Promise.resolve([])
      if (traceIds.length > 1) return Promise.reject(new QueryLimitError('rows', 'too many'))
      asked.push(...traceIds)
      return Promise.resolve([])
    },
    1,
    () => Promise.resolve(Array.from({ length: 50 }, (_, i) => ({ linkedTraceId: TRACE, traceId: owners[i % 2]!, startMs: START_MS + i }))),
  )
  const want = { partition: 0, tenant: 't', traceId: TRACE, fromMs: START_MS, toMs: START_MS + 1, beforeMs: START_MS + 3_600_000, ...LINKED }
  await find([want], new AbortController().signal)
  expect(asked).toEqual(owners)
})

test('a partition has copies of those alone that link to its own traces, whatever another one asks for in the same breath', async () => {
  const traces = Array.from({ length: 40 }, (_, i) => `${i + 1}`.padStart(32, '0'))
  const homeOf = (traceId: string): number => partitionOfTrace(Buffer.from(traceId, 'hex'), 2)
  const [left, right] = [0, 1].map((partition) => traces.find((traceId) => homeOf(traceId) === partition)!)
  const owner = { ...row, traceId: 'f'.padStart(32, '0') }
  const { find } = finder(
    ({ linkedOnly }) =>
      Promise.resolve(
        linkedOnly === true ? [left!, right!, right!].map((traceId, i) => ({ ...owner, spanId: `${i + 1}`.padStart(16, '0'), links: linkTo(traceId) })) : [],
      ),
    2,
    ({ traceIds }) => Promise.resolve(traceIds.map((linkedTraceId) => ({ linkedTraceId, traceId: owner.traceId, startMs: START_MS }))),
  )
  const wants = [left!, right!].map((traceId) => ({ ...ALONE, ...LINKED, traceId, partition: homeOf(traceId) }))
  for (const asked of [wants, wants.slice(0, 1), wants.slice(1)]) {
    const { batch } = read(await find(asked, new AbortController().signal))
    const copies = Array.from({ length: batch.length }, (_, at) => batch.envelopes[batch.envelope[at]!]!.partition)
    expect(copies).toEqual([0, 1, 1].filter((partition) => asked.some((want) => want.partition === partition)))
  }
})

test('of a `process` with links also what its `receive` links to comes back, where that lives in the partition', async () => {
  const target = '9'.padStart(32, '0')
  const asked: string[][] = []
  const { find } = finder((lookUp) => {
    asked.push([...lookUp.traceIds])
    return Promise.resolve(lookUp.traceIds.map((traceId) => ({ ...row, traceId, links: traceId === TRACE ? linkTo(target) : new Uint8Array() })))
  })
  const found = await find([{ ...ALONE, ...ITSELF, targetsBackMs: 1000 }], new AbortController().signal)
  expect([asked, found.homes]).toEqual([
    [[TRACE], [target]],
    [`0 t ${TRACE}`, `0 t ${target}`],
  ])
})
