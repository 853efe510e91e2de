import { ProbeAttribute } from '@skein/schemas/agent-probe'
import { networkProbesAnswer } from '@skein/schemas/api/network-probes'
import { logLineId } from '@skein/schemas/log'
import type { LogRow, LogSearch } from '@skein/store/contract-logs'
import { expect, it } from 'vitest'
import { buildApp } from '../app.ts'
import { answerOf, problemIn } from '../testing/answers.ts'
import { NOW_MS, storeIn, testDeps } from '../testing/test-app.ts'

/** Newest first, a second apart. */
function probes(all: readonly Record<string, string | number>[]): LogRow[] {
  return all.map((attributes, at) => {
    const timeNs = BigInt(NOW_MS - 1000 * at) * 1_000_000n
    return {
      id: logLineId(timeNs, 0n),
      timeNs: timeNs.toString(),
      severity: 9,
      severityText: '',
      service: 'skein-agent',
      scope: 'skein-agent',
      resource: '0'.repeat(16),
      traceId: '',
      spanId: '',
      pattern: '',
      body: '',
      bodyKind: 0,
      attributes: Object.entries(attributes),
    }
  })
}

async function ask(query: string, rows: LogRow[]) {
  const store = storeIn('empty')
  const asked: LogSearch[] = []
  const logs = { ...store.logs, search: async (search: LogSearch) => (asked.push(search), rows) }
  const app = await buildApp(testDeps({ store: { ...store, logs } }))
  const response = await app.inject({ url: `/api/network-probes?${query}`, headers: { host: 'localhost' } })
  await app.close()
  return { response, asked }
}

const probe = (from: string, to: string, labels: [from: string, to: string], measures: Partial<Record<keyof typeof ProbeAttribute, string | number>>) => ({
  [ProbeAttribute.from]: from,
  [ProbeAttribute.to]: to,
  ...(labels[0] === '' ? {} : { 'skein.probe.from.network': labels[0] }),
  ...(labels[1] === '' ? {} : { 'skein.probe.to.network': labels[1] }),
  [ProbeAttribute.errors]: 0,
  ...Object.fromEntries(Object.entries(measures).map(([name, value]) => [ProbeAttribute[name as keyof typeof ProbeAttribute], value])),
})

it('ways of one group are put together: medians, the bad end of each measure, and what failed', async () => {
  const rows = probes([
    probe('a', 'b', ['calico', 'calico'], { errors: 2, error: 'upload: the newest' }),
    probe('a', 'b', ['calico', 'calico'], { errors: 1, error: 'an older one' }),
    ...[1, 2, 3, 4, 100].map((ms) => probe('a', 'b', ['calico', 'calico'], { connectMs: ms, downBytesPerSecond: 1000 * ms })),
    probe('b', 'a', ['calico', 'calico'], { connectMs: 5 }),
    probe('c', 'd', ['flannel', 'flannel'], { connectMs: 7 }),
    probe('c', 'x', ['flannel', ''], { connectMs: 9 }),
  ])
  const { response, asked } = await ask('start=now-1h&by=network', rows)
  const { ways, labels, notes } = answerOf(networkProbesAnswer, response)
  expect(asked).toMatchObject([{ search: { field: 'event.name', op: '=', value: 'skein.probe' }, order: 'desc' }])
  expect(labels).toEqual(['network'])
  expect(ways.map(({ from, to, ways: of, probes: all }) => [from, to, of, all])).toEqual([
    ['calico', 'calico', 2, 8],
    ['flannel', '', 1, 1],
    ['flannel', 'flannel', 1, 1],
  ])
  expect(ways[0]).toMatchObject({
    failed: 2,
    error: 'upload: the newest',
    newest: new Date(NOW_MS).toISOString(),
    connectMs: { samples: 6, median: 3.5, p95: 100 },
    downBytesPerSecond: { samples: 5, median: 3000, p95: 1000 },
    upBytesPerSecond: null,
  })
  expect(notes).toMatchObject([{ code: 'without_label', count: 1 }])
})

it('by node every way stands for itself, in each direction', async () => {
  const { response } = await ask('start=now-1h', probes([probe('a', 'b', ['', ''], { connectMs: 1 }), probe('b', 'a', ['', ''], { connectMs: 2 })]))
  const { by, ways } = answerOf(networkProbesAnswer, response)
  expect([by, ways.map(({ from, to, connectMs }) => [from, to, connectMs?.median])]).toEqual([
    'node',
    [
      ['a', 'b', 1],
      ['b', 'a', 2],
    ],
  ])
})

it('says when nothing was measured, and when there was more than is looked at', async () => {
  expect(answerOf(networkProbesAnswer, (await ask('start=now-1h', [])).response).notes).toMatchObject([{ code: 'no_probes' }])
  const many = probes(Array.from({ length: 20_001 }, () => probe('a', 'b', ['', ''], { connectMs: 1 })))
  const { ways, notes } = answerOf(networkProbesAnswer, (await ask('start=now-1h', many)).response)
  expect([ways[0]?.probes, notes]).toMatchObject([20_000, [{ code: 'truncated', count: 20_000 }]])
})

it('refuses what is no name of a label', async () => {
  expect(problemIn((await ask('by=A%20b', [])).response, 400, 'invalid_parameter').detail).toContain('by')
})
