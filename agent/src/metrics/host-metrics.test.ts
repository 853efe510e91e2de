import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gunzipSync } from 'node:zlib'
import protobuf from 'protobufjs'
import { afterEach, expect, it } from 'vitest'
import { agentFor, makePlace, until } from '../agent-for-tests.ts'
import { encodeMetrics } from '../otlp/metric-request.ts'
import { containerReadings, findContainers } from './container-readings.ts'
import { readContainers } from './container-surroundings.ts'
import { filesystemReadings } from './filesystem-readings.ts'
import type { HostFiles } from './host-files.ts'
import type { Reading } from './reading.ts'

/** A second, independent reading: protobufjs with the published message definitions. */
const PROTO = `
syntax = "proto3";
message AnyValue { oneof value { string string_value = 1; int64 int_value = 3; } }
message KeyValue { string key = 1; AnyValue value = 2; }
message Resource { repeated KeyValue attributes = 1; }
message InstrumentationScope { string name = 1; string version = 2; }
message NumberDataPoint { repeated KeyValue attributes = 7; fixed64 start_time_unix_nano = 2; fixed64 time_unix_nano = 3; oneof value { double as_double = 4; sfixed64 as_int = 6; } }
message Gauge { repeated NumberDataPoint data_points = 1; }
message Sum { repeated NumberDataPoint data_points = 1; int32 aggregation_temporality = 2; bool is_monotonic = 3; }
message Metric { string name = 1; string description = 2; string unit = 3; oneof data { Gauge gauge = 5; Sum sum = 7; } }
message ScopeMetrics { InstrumentationScope scope = 1; repeated Metric metrics = 2; }
message ResourceMetrics { Resource resource = 1; repeated ScopeMetrics scope_metrics = 2; }
message ExportMetricsServiceRequest { repeated ResourceMetrics resource_metrics = 1; }
`
const REQUEST = protobuf.parse(PROTO).root.lookupType('ExportMetricsServiceRequest')
interface Decoded {
  resourceMetrics: { resource: { attributes: unknown[] }; scopeMetrics: { metrics: { name: string }[] }[] }[]
}
const decode = (bytes: Uint8Array) => REQUEST.toObject(REQUEST.decode(bytes), { longs: String }) as Decoded

const ends: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

const ID = 'ab'.repeat(32)
const UID = '11111111-2222-3333-4444-555555555555'

function filesOf(all: Record<string, string>): HostFiles {
  return {
    read: async (path) => all[path] ?? null,
    directories: async (path) => [
      ...new Set(
        Object.keys(all).flatMap((each) =>
          each.startsWith(`${path}/`) && each.slice(path.length + 1).includes('/') ? [each.slice(path.length + 1).split('/')[0] ?? ''] : [],
        ),
      ),
    ],
    // Paths with the same text are one file here.
    identity: async (path) => all[path] ?? null,
    room: async (path) => (all[path] === undefined ? null : { total: 1000, free: 300, available: 250 }),
  }
}

const namesAndValues = (readings: readonly Reading[]) => readings.map(({ name, points }) => [name, ...points.map(({ value }) => value)])

it('what is read is encoded as sums since the host started, and gauges', () => {
  const times = { startNs: 5n, timeNs: 9n }
  const point = { attributes: { mode: 'user', core: 1 }, value: 1.5 }
  const readings = (['counter', 'upDown', 'gauge'] as const).map((kind) => ({ name: kind, unit: 's', kind, points: [point] }))
  const attributes = [
    { key: 'mode', value: { stringValue: 'user' } },
    { key: 'core', value: { intValue: '1' } },
  ]
  const dataPoints = [{ attributes, startTimeUnixNano: '5', timeUnixNano: '9', asDouble: 1.5 }]
  expect(decode(encodeMetrics([{ resource: { 'host.name': 'h' }, readings }], times))).toEqual({
    resourceMetrics: [
      {
        resource: { attributes: [{ key: 'host.name', value: { stringValue: 'h' } }] },
        scopeMetrics: [
          {
            scope: { name: 'skein-agent' },
            metrics: [
              { name: 'counter', unit: 's', sum: { dataPoints, aggregationTemporality: 2, isMonotonic: true } },
              { name: 'upDown', unit: 's', sum: { dataPoints, aggregationTemporality: 2 } },
              { name: 'gauge', unit: 's', gauge: { dataPoints: [{ attributes, timeUnixNano: '9', asDouble: 1.5 }] } },
            ],
          },
        ],
      },
    ],
  })
})

it.each([
  [`kubepods.slice/kubepods-pod${UID.replaceAll('-', '_')}.slice/cri-containerd-${ID}.scope`, UID],
  [`kubepods/burstable/pod${UID}/${ID}`, UID],
  [`system.slice/docker-${ID}.scope`, null],
])('a container of version 2 is found at %s', async (path, podUid) => {
  const at = `sys/fs/cgroup/${path}`
  const files = filesOf({
    'sys/fs/cgroup/cgroup.controllers': 'cpu memory io',
    'sys/fs/cgroup/init.scope/memory.current': '1',
    [`${at}/cpu.stat`]: 'usage_usec 3000000\nuser_usec 2000000\nsystem_usec 1000000\n',
    [`${at}/memory.current`]: '4096\n',
    [`${at}/memory.stat`]: 'anon 1\ninactive_file 1000\n',
    [`${at}/io.stat`]: '8:0 rbytes=10 wbytes=20 rios=1 wios=2 dbytes=0 dios=0\n7:0 \n',
  })
  const [container, ...others] = await findContainers(files)
  expect(others).toEqual([])
  expect(container).toMatchObject({ id: ID, podUid })
  expect(namesAndValues(await containerReadings(files, container!))).toEqual([
    ['container.cpu.time', 2, 1],
    ['container.memory.usage', 4096],
    ['container.memory.working_set', 3096],
    ['container.disk.io', 10, 20],
  ])
})

it('a container of version 1 is found in the trees of its controllers', async () => {
  const files = filesOf({
    [`sys/fs/cgroup/memory/docker/${ID}/memory.usage_in_bytes`]: '8192\n',
    [`sys/fs/cgroup/cpuacct/docker/${ID}/cpuacct.usage`]: '2500000000\n',
  })
  const [container] = await findContainers(files)
  expect(namesAndValues(await containerReadings(files, container!))).toEqual([
    ['container.cpu.time', 2.5],
    ['container.memory.usage', 8192],
  ])
})

const dev = (received: number, sent: number): string =>
  `Inter-| Receive\n face |bytes\n    lo: 9 0 0 0 0 0 0 0 9 0 0 0 0 0 0 0\n  eth0: ${received} 2 1 0 0 0 0 0 ${sent} 5 2 0 0 0 0 0\n`

it('the network of a container is its own, that of a pod is told once, and that of the host of none', async () => {
  const [docker, first, second, onHost] = ['aa', 'bb', 'cc', 'dd'].map((part) => part.repeat(32))
  const pod = `sys/fs/cgroup/kubepods/pod${UID}`
  const files = filesOf({
    'sys/fs/cgroup/cgroup.controllers': 'cpu memory io',
    [`sys/fs/cgroup/system.slice/docker-${docker}.scope/memory.current`]: '1',
    // Where systemd runs in a container, its processes are one further down.
    [`sys/fs/cgroup/system.slice/docker-${docker}.scope/init/cgroup.procs`]: '0\n41\n',
    [`${pod}/${first}/cgroup.procs`]: '51\n52\n',
    [`${pod}/${second}/cgroup.procs`]: '53\n',
    [`sys/fs/cgroup/system.slice/docker-${onHost}.scope/cgroup.procs`]: '61\n',
    'proc/1/net/dev': dev(1, 2),
    'proc/41/net/dev': dev(10, 20),
    'proc/41/root': '',
    'proc/51/net/dev': dev(30, 40),
    'proc/53/net/dev': dev(30, 40),
    'proc/61/net/dev': dev(1, 2),
  })
  const all = await readContainers(files)
  expect(all.map(({ attributes, readings }) => [attributes, namesAndValues(readings)])).toEqual([
    [
      { 'container.id': docker },
      [
        ['container.memory.usage', 1],
        ['container.filesystem.capacity', 1000],
        ['container.filesystem.available', 250],
        ['container.network.io', 10, 20],
      ],
    ],
    [{ 'container.id': onHost }, []],
    [{ 'container.id': first, 'k8s.pod.uid': UID }, []],
    [
      { 'k8s.pod.uid': UID },
      [
        ['k8s.pod.network.io', 30, 40],
        ['k8s.pod.network.errors', 1, 2],
      ],
    ],
    [{ 'container.id': second, 'k8s.pod.uid': UID }, []],
  ])
})

it('file systems of disks are told once, at their shortest path, with what is reserved', async () => {
  const files = filesOf({
    'proc/1/mountinfo': [
      '22 27 0:21 / /proc rw,relatime - proc proc rw',
      '30 1 8:1 /docker /var/lib/docker rw - ext4 /dev/sda1 rw',
      '27 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw,discard',
      '31 27 8:2 / /media/my\\040disk ro - xfs /dev/sda2 ro',
      '32 27 0:50 / /mnt/far rw - nfs4 server:/far rw',
      'nonsense',
    ].join('\n'),
    '': '',
    'media/my disk': '',
    'mnt/far': '',
  })
  const [usage, limit] = await filesystemReadings(files)
  expect(limit?.points).toEqual([
    {
      attributes: {
        'system.device': '/dev/sda1',
        'system.filesystem.mountpoint': '/',
        'system.filesystem.type': 'ext4',
        'system.filesystem.mode': 'rw',
      },
      value: 1000,
    },
    {
      attributes: {
        'system.device': '/dev/sda2',
        'system.filesystem.mountpoint': '/media/my disk',
        'system.filesystem.type': 'xfs',
        'system.filesystem.mode': 'ro',
      },
      value: 1000,
    },
  ])
  expect(usage?.points.slice(0, 3).map(({ attributes, value }) => [attributes['system.filesystem.state'], value])).toEqual([
    ['used', 700],
    ['free', 250],
    ['reserved', 50],
  ])
})

it('a collector that refuses metrics by partial success is told of once, and every request is sent once', async () => {
  const seen: Decoded[] = []
  const partial = (): Buffer => {
    const message = Buffer.from(`${seen.length} metrics are not stored`)
    return Buffer.concat([Buffer.from([0x08, 7, 0x12, message.length]), message])
  }
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      if (request.url === '/v1/metrics') seen.push(decode(gunzipSync(Buffer.concat(parts))))
      response.end(Buffer.concat([Buffer.from([0x0a, partial().length]), partial()]))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  ends.push(() => server.closeAllConnections())
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  // Each reading comes at a whole second of a clock that is always one millisecond before it.
  const clock = (): number => 1_795_349_504_999
  const config = { metrics: { enabled: true, seconds: 5, containers: false, root: '/' } }
  const agent = agentFor(makePlace(), endpoint, { config, deps: { clock } })
  await agent.start()
  await until(() => seen.length >= 3 && (agent.counters.drops[0]?.records ?? 0) >= 21, 'three requests')
  await agent.stop(1000)
  server.close()
  expect(agent.events.filter(({ event }) => event === 'records_refused')).toMatchObject([
    { signal: 'metrics', reason: 'collector_refused', why: '1 metrics are not stored' },
  ])
  expect(agent.counters.drops).toMatchObject([{ signal: 'metrics', reason: 'collector_refused' }])
  expect(agent.counters.retries).toBe(0)
  const names = seen[0]?.resourceMetrics[0]?.scopeMetrics[0]?.metrics.map(({ name }) => name)
  expect(names).toEqual(expect.arrayContaining(['system.cpu.time', 'system.memory.usage']))
})
