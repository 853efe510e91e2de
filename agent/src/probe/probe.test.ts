import { createServer, connect, type AddressInfo, type Socket } from 'node:net'
import { ProbeAttribute } from '@skein/schemas/agent-probe'
import { afterEach, expect, test } from 'vitest'
import { agentFor, makePlace, type TestAgent, until } from '../agent-for-tests.ts'
import { type SeenLine, type Sink, startSink } from '../sink-for-tests.ts'

const ends: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

const FAST = { transferBytes: 256 * 1024, limitMs: 400 }

async function collector(): Promise<Sink> {
  const sink = await startSink()
  ends.push(() => sink.close())
  return sink
}

/** An agent that can be measured, on a free port. */
async function peer(endpoint: string, probe: object): Promise<{ agent: TestAgent; address: string }> {
  const agent = agentFor(makePlace(), endpoint, { config: { probe: { ...FAST, ...probe } as never }, deps: { anyProbePort: true, random: () => 0 } })
  const { probePort } = await agent.start()
  ends.push(() => agent.stop(1000))
  return { agent, address: `127.0.0.1:${probePort}` }
}

const probesOf = ({ lines }: Sink): SeenLine[] => lines.filter(({ attributes }) => attributes['event.name'] === 'skein.probe')
const number = ({ attributes }: SeenLine, name: keyof typeof ProbeAttribute): number => Number(attributes[ProbeAttribute[name]])

/** Passes bytes on to a port, each piece later by so many ms. */
async function slowWay(address: string, delayMs: number): Promise<string> {
  const sockets = new Set<Socket>()
  const port = Number(address.split(':')[1])
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1')
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from)
      from.on('data', (part) => void setTimeout(() => to.write(part), delayMs))
      from.on('error', () => undefined)
      from.on('close', () => void setTimeout(() => to.destroy(), delayMs))
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  ends.push(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return `127.0.0.1:${(server.address() as AddressInfo).port}`
}

test('an agent measures another, and what it found is a line with both ends, their labels and every measure', async () => {
  const sink = await collector()
  const { address } = await peer(sink.url, { name: 'bj-2', labels: { network: 'calico', zone: 'bj' } })
  await peer(sink.url, { name: 'bj-1', labels: { network: 'flannel' }, peers: [{ address }] })
  await until(() => probesOf(sink).length > 0, 'a probe')
  const [line] = probesOf(sink)
  expect(line).toMatchObject({
    severity: 9,
    resource: { 'service.name': 'skein-agent', 'host.name': 'host-1' },
    attributes: {
      [ProbeAttribute.from]: 'bj-1',
      [ProbeAttribute.to]: 'bj-2',
      [ProbeAttribute.address]: address,
      'skein.probe.from.network': 'flannel',
      'skein.probe.to.network': 'calico',
      'skein.probe.to.zone': 'bj',
      [ProbeAttribute.errors]: '0',
    },
  })
  expect(line?.body).toMatch(/^Network from bj-1 to bj-2: connect [\d.]+ ms, HTTP [\d.]+ ms$/)
  for (const name of ['connectMs', 'httpP50Ms', 'requestsPerSecond', 'downBytesPerSecond', 'upBytesPerSecond'] as const)
    expect(number(line!, name), name).toBeGreaterThan(0)
  expect(number(line!, 'httpP95Ms')).toBeGreaterThanOrEqual(number(line!, 'httpP50Ms'))
})

test('a way that is slower by 20 ms each way shows 40 ms more for each exchange, and no more requests than these leave time for', async () => {
  const sink = await collector()
  const { address } = await peer(sink.url, { name: 'far' })
  const slow = await slowWay(address, 20)
  await peer(sink.url, {
    name: 'near',
    peers: [
      { address: slow, labels: { way: 'slow' } },
      { address, labels: { way: 'straight' } },
    ],
  })
  await until(() => probesOf(sink).length === 2, 'two probes')
  const [through, straight] = probesOf(sink) as [SeenLine, SeenLine]
  expect([through.attributes['skein.probe.from.way'], straight.attributes['skein.probe.to.way']]).toEqual(['slow', 'straight'])
  expect(number(through, 'httpP50Ms')).toBeGreaterThanOrEqual(39)
  expect(number(through, 'httpP50Ms') - number(straight, 'httpP50Ms')).toBeGreaterThan(25)
  expect(number(through, 'requestsPerSecond')).toBeLessThanOrEqual((8 * 1000) / 39)
})

test('a peer that is away is told of by its address and an error, and costs no longer than its limit', async () => {
  const sink = await collector()
  const gone = await slowWay('127.0.0.1:1', 0)
  await peer(sink.url, { name: 'alone', peers: [{ address: gone }], limitMs: 300 })
  await until(() => probesOf(sink).length === 1, 'a probe')
  const [line] = probesOf(sink) as [SeenLine]
  expect(line).toMatchObject({ severity: 13, attributes: { [ProbeAttribute.to]: gone, [ProbeAttribute.errors]: '1' } })
  expect(line.attributes[ProbeAttribute.error]).toMatch(/^http: /)
  expect(line.attributes).not.toHaveProperty(ProbeAttribute.httpP50Ms)
})

test('a peer of another key is not measured, and says so', async () => {
  const sink = await collector()
  const { address } = await peer(sink.url, { name: 'locked', key: 'one' })
  const { agent } = await peer(sink.url, { name: 'other', key: 'two', peers: [{ address }] })
  await until(() => probesOf(sink).length === 1, 'a probe')
  expect(probesOf(sink)[0]?.attributes[ProbeAttribute.error]).toContain('another agent.probe.key')
  expect(agent.counters).toMatchObject({ probes: 1, failedProbes: 1 })
})

test('what was found while the collector is away is kept over a stop and comes once', async () => {
  const away = await startSink()
  const port = Number(new URL(away.url).port)
  await away.close()
  const { address } = await peer(`http://127.0.0.1:${port}`, { name: 'there' })
  const place = makePlace()
  const probe = { ...FAST, name: 'kept', measure: ['http'], peers: [{ address }] } as never
  const agent = agentFor(place, `http://127.0.0.1:${port}`, { config: { probe }, deps: { random: () => 0 } })
  await agent.start()
  await until(() => agent.counters.probes === 1 && agent.counters.retries > 0, 'a probe that cannot be sent')
  expect(agent.events.filter(({ event }) => event === 'collector_away')).toMatchObject([{ signal: 'logs' }])
  await agent.stop(100)
  const sink = await startSink(port)
  ends.push(() => sink.close())
  const again = agentFor(place, sink.url, { config: { probe: { ...FAST } as never }, deps: { anyProbePort: true } })
  await again.start()
  ends.push(() => again.stop(1000))
  await until(() => probesOf(sink).length > 0, 'the probe of before')
  expect(probesOf(sink).map(({ attributes }) => attributes[ProbeAttribute.from])).toEqual(['kept'])
})
