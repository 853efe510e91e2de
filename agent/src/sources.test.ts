import { appendFileSync, chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { randomBytes } from 'node:crypto'
import { agentConfigSchema } from '@skein/schemas/agent-config'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { agentFor, makePlace, type Place, type TestAgent, until } from './agent-for-tests.ts'
import { createPipe } from './pipe.ts'
import { openPositionStore } from './positions/position-store.ts'
import { type Sink, startSink } from './sink-for-tests.ts'

let place: Place
let sink: Sink
let agents: TestAgent[]
beforeEach(async () => {
  place = makePlace()
  sink = await startSink()
  agents = []
})
afterEach(async () => {
  for (const agent of agents) await agent.stop(0)
  await sink.close()
})

async function started(options: Parameters<typeof agentFor>[2] = {}): Promise<TestAgent & { healthPort: number }> {
  const agent = agentFor(place, sink.url, options)
  agents.push(agent)
  return Object.assign(agent, await agent.start())
}

const bodies = (): string[] => sink.bodies().sort()
const log = (name: string): string => join(place.logs, name)

describe('logs of Kubernetes', () => {
  it('carry what their path says', async () => {
    const pod = join(place.logs, 'pods', 'shop_checkout-7d9f8c6b5d-x2x4z_6f1b7a52-0c55-4a3e-9d39-0a8f3d2b8a11', 'app')
    mkdirSync(pod, { recursive: true })
    writeFileSync(join(pod, '2.log'), '2026-11-25T20:00:00Z stderr F no\n')
    await started({ files: { include: [log('pods/*/*/*.log')], format: 'cri' } })
    await until(() => sink.lines.length === 1, 'the line')
    expect(sink.lines[0]).toMatchObject({
      body: 'no',
      timeNs: String(BigInt(Date.parse('2026-11-25T20:00:00Z')) * 1_000_000n),
      attributes: { 'log.iostream': 'stderr', 'log.file.name': '2.log' },
      resource: {
        'service.name': 'checkout',
        'k8s.namespace.name': 'shop',
        'k8s.pod.name': 'checkout-7d9f8c6b5d-x2x4z',
        'k8s.pod.uid': '6f1b7a52-0c55-4a3e-9d39-0a8f3d2b8a11',
        'k8s.container.name': 'app',
        'k8s.container.restart_count': '2',
      },
    })
  })
})

/** Stands in for journalctl: says how it was called, prints entries, and follows. */
const JOURNAL = `
const at = process.argv.find((word) => word.startsWith('--after-cursor='))?.slice(15) ?? 'c0'
for (let n = Number(at.slice(1)) + 1; n <= 5; n++)
  console.log(JSON.stringify({ __CURSOR: 'c' + n, __REALTIME_TIMESTAMP: '179563680000000' + n, PRIORITY: '3', _SYSTEMD_UNIT: 'nginx.service', _PID: '7',
    MESSAGE: n === 2 ? [...Buffer.from('bytes')] : 'line ' + n }))
console.log('no entry')
setInterval(() => undefined, 1000)
`

describe('journal', () => {
  it('is read on after the last entry that was acknowledged', async () => {
    const options = {
      config: { journald: { enabled: true, units: ['nginx'] } },
      deps: { journalCommand: [process.execPath, '-e', JOURNAL, '--'] },
    }
    const agent = await started(options)
    await until(() => sink.lines.length === 5, 'five entries')
    expect(sink.bodies()).toEqual(['line 1', 'bytes', 'line 3', 'line 4', 'line 5'])
    expect(sink.lines[0]).toMatchObject({
      severity: 17,
      timeNs: '1795636800000001000',
      resource: { 'service.name': 'nginx', 'host.name': 'host-1' },
      attributes: { 'log.record.uid': 'c1', 'systemd.unit': 'nginx.service', 'process.pid': '7' },
    })
    agents.pop()
    await agent.stop(1000)
    await started(options)
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(sink.lines).toHaveLength(5)
  })

  it('that cannot be read is told once and tried again', async () => {
    const agent = await started({ config: { journald: { enabled: true, units: [] } }, deps: { journalCommand: ['/nowhere/journalctl'], anyHealthPort: true } })
    await until(() => agent.events.some(({ event }) => event === 'journal_ended'), 'it is told')
    const ready = await fetch(`http://127.0.0.1:${agent.healthPort}/readyz`)
    expect(ready.status).toBe(503)
    expect(await ready.text()).toContain('The journal cannot be read')
  })
})

describe('pipe', () => {
  const pipe = (input: PassThrough, multiline: 'none' | 'java' = 'none') =>
    createPipe({
      config: agentConfigSchema.parse({}),
      endpoint: sink.url,
      input,
      service: 'cron',
      multiline,
      hostName: 'host-1',
      version: 'test',
      logger: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined },
      clock: Date.now,
      random: Math.random,
      randomBytes,
    })

  it('delivers all that came in, the last line without an end too, and then is finished', async () => {
    const input = new PassThrough()
    const one = pipe(input)
    one.start()
    const lines = Array.from({ length: 20_000 }, (_, n) => `line ${n} ${'x'.repeat(300)}`)
    input.end(lines.join('\n'))
    await one.finished
    await one.stop(0)
    expect(sink.bodies()).toEqual(lines)
    expect(sink.mistaken).toEqual([])
    expect(sink.lines[0]).toMatchObject({ resource: { 'service.name': 'cron' } })
  })

  it('sends the last event after a while, and holds the writer while the collector is away', async () => {
    const input = new PassThrough()
    const one = pipe(input, 'java')
    one.start()
    input.write('first\n  more\n')
    await until(() => sink.lines.length === 1, 'the event')
    expect(sink.bodies()).toEqual(['first\n  more'])
    sink.answer = () => ({ status: 503, headers: { 'retry-after': '0' } })
    let taken = 0
    while (taken < 40 && input.write('y'.repeat(1024 * 1024 - 1) + '\n')) {
      taken++
      await new Promise((resolve) => setTimeout(resolve, 2))
    }
    expect(taken).toBeLessThan(40)
    sink.answer = () => ({ status: 200 })
    input.end()
    await one.finished
    await one.stop(0)
  })
})

describe('health', () => {
  it('says what keeps the agent from its work, and counts what it does', async () => {
    sink.answer = () => ({ status: 503 })
    writeFileSync(log('epg.log'), 'one\n')
    writeFileSync(log('old.log.gz'), 'x')
    const agent = await started({ files: { include: [log('*')] }, deps: { anyHealthPort: true } })
    const get = async (path: string): Promise<[number, string]> => {
      const answer = await fetch(`http://127.0.0.1:${agent.healthPort}${path}`)
      return [answer.status, await answer.text()]
    }
    expect(await get('/livez')).toEqual([200, 'ok\n'])
    await until(() => agent.events.some(({ event }) => event === 'collector_away'), 'it is away')
    expect(await get('/readyz')).toEqual([503, 'The collector takes nothing: the collector answers 503\n'])
    sink.answer = () => ({ status: 200 })
    await until(() => sink.lines.length === 1, 'the line')
    await until(() => agent.counters.records === 1, 'it is settled')
    expect(await get('/readyz')).toEqual([200, 'ok\n'])
    const [, metrics] = await get('/metrics')
    expect(metrics).toContain('skein_agent_records_total 1\n')
    expect(metrics).toContain('skein_agent_files 1\n')
    expect(metrics).toContain('skein_agent_skipped_files 1\n')
    rmSync(log('old.log.gz'))
    await expect.poll(async () => (await get('/metrics'))[1], { timeout: 15_000 }).toContain('skein_agent_skipped_files 0\n')
    expect((await get('/elsewhere'))[0]).toBe(404)
  })
})

describe('what goes wrong on a host', () => {
  it('a full disk of positions: known files are read on, new ones wait, and nothing shows twice', async () => {
    let full = false
    const openPositions = (directory: string) => {
      const store = openPositionStore(directory)
      return { ...store, write: (change: Parameters<typeof store.write>[0]) => (full ? Promise.reject(new Error('ENOSPC')) : store.write(change)) }
    }
    writeFileSync(log('known.log'), 'one\n')
    const agent = await started({ deps: { openPositions, anyHealthPort: true } })
    await until(() => sink.lines.length === 1, 'the first line')
    full = true
    appendFileSync(log('known.log'), 'two\n')
    writeFileSync(log('new.log'), 'three\n')
    await until(() => sink.lines.length === 2 && agent.events.some(({ event }) => event === 'positions_not_saved'), 'the second line')
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(bodies()).toEqual(['one', 'two'])
    expect((await fetch(`http://127.0.0.1:${agent.healthPort}/readyz`)).status).toBe(503)
    full = false
    await until(() => sink.lines.length === 3, 'the new file')
    expect(bodies()).toEqual(['one', 'three', 'two'])
  })

  it('clocks that jump: times of reading follow, and no line is lost or doubled', async () => {
    let offsetMs = 0
    const clock = (): number => Date.now() + offsetMs
    writeFileSync(log('epg.log'), 'one\n')
    const agent = await started({ deps: { clock } })
    await until(() => sink.lines.length === 1, 'the first')
    offsetMs = -365 * 86_400_000
    appendFileSync(log('epg.log'), 'two\n')
    writeFileSync(log('new.log'), 'three\n')
    await until(() => sink.lines.length === 3, 'the second and third')
    offsetMs = 10 * 365 * 86_400_000
    agents.pop()
    await agent.stop(1000)
    appendFileSync(log('epg.log'), 'four\n')
    await started({ deps: { clock } })
    await until(() => sink.lines.length === 4, 'the fourth')
    expect(bodies()).toEqual(['four', 'one', 'three', 'two'])
    const times = sink.lines.map(({ observedNs }) => Number(observedNs) / 1e6 - Date.now())
    expect(times[0]).toBeLessThan(60_000)
    expect(times[1]).toBeLessThan(-364 * 86_400_000)
    expect(times[3]).toBeGreaterThan(9 * 365 * 86_400_000)
  })

  it('a file that may not be read is told of once, and read when it may be', async () => {
    writeFileSync(log('epg.log'), 'one\n')
    chmodSync(log('epg.log'), 0)
    for (const directory of [join(place.logs, '..'), place.logs]) chmodSync(directory, 0o755)
    const agent = agentFor(place, sink.url)
    agents.push(agent)
    const isRoot = process.geteuid?.() === 0
    // Root may read everything: another user looks at the files.
    if (isRoot) process.seteuid?.(65_534)
    try {
      await agent.start()
      await new Promise((resolve) => setTimeout(resolve, 150))
    } finally {
      if (isRoot) process.seteuid?.(0)
    }
    expect(agent.events.filter(({ event }) => event === 'file_skipped')).toMatchObject([{ why: 'this user may not read it (EACCES)' }])
    chmodSync(log('epg.log'), 0o644)
    await until(() => sink.lines.length === 1, 'the line')
  })

  it('a thousand files: all are read, and each has its place after a restart', async () => {
    for (let n = 0; n < 1000; n++) writeFileSync(log(`${n}.log`), `${n} one\n`)
    const agent = await started()
    await until(
      () => sink.lines.length === 1000,
      () => `a thousand lines, have ${sink.lines.length}`,
    )
    agents.pop()
    await agent.stop(5000)
    for (let n = 0; n < 1000; n++) appendFileSync(log(`${n}.log`), `${n} two\n`)
    await started()
    await until(
      () => sink.lines.length === 2000,
      () => `two thousand lines, have ${sink.lines.length}`,
    )
    expect(sink.repeats + sink.mistaken.length).toBe(0)
  })

  it('more files than it may follow: the rest is told of, and taken when there is room', async () => {
    for (const name of ['a', 'b', 'c']) writeFileSync(log(`${name}.log`), `${name}\n`)
    const agent = await started({ config: { maxFiles: 2 } })
    await until(() => sink.lines.length === 2, 'two')
    expect(agent.events.filter(({ event }) => event === 'file_skipped')).toHaveLength(1)
  })
})
