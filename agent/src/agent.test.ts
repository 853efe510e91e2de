import {
  appendFileSync,
  copyFileSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { agentFor, makePlace, type Place, type TestAgent, until } from './agent-for-tests.ts'
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

async function started(options: Parameters<typeof agentFor>[2] = {}): Promise<TestAgent> {
  const agent = agentFor(place, sink.url, options)
  agents.push(agent)
  await agent.start()
  return agent
}

async function stopped(agent: TestAgent): Promise<void> {
  agents.splice(agents.indexOf(agent), 1)
  await agent.stop(1000)
}

const log = (name: string): string => join(place.logs, name)
const put = (name: string, text: string): void => appendFileSync(log(name), text)
const arrived = (count: number): Promise<void> =>
  until(
    () => sink.lines.length >= count,
    () => `${count} lines, have ${JSON.stringify(sink.bodies()).slice(0, 2000)}`,
  )

/** All of these, each once, in whatever order; nothing was taken for a repeat that is none. */
async function expectLines(expected: readonly string[]): Promise<void> {
  await arrived(expected.length)
  await new Promise((resolve) => setTimeout(resolve, 30))
  expect([...sink.bodies()].sort()).toEqual([...expected].sort())
  expect(sink.mistaken).toEqual([])
}

describe('agent', () => {
  it('sends each line with where it stands', async () => {
    put('epg.log', 'one\ntwo\r\n\nüñ\n')
    await started({ config: { environment: 'prod', cluster: 'dc1', attributes: { rack: '7' } } })
    await expectLines(['one', 'two', 'üñ'])
    const [first, second, third] = sink.lines
    expect(first?.resource).toEqual({
      'service.name': 'epg',
      'host.name': 'host-1',
      'deployment.environment.name': 'prod',
      'k8s.cluster.name': 'dc1',
      rack: '7',
    })
    expect(first?.attributes).toEqual({
      'log.file.path': log('epg.log'),
      'log.file.name': 'epg.log',
      'log.record.uid': expect.stringMatching(/^[0-9a-f]{16}:0$/) as string,
    })
    const uid = String(first?.attributes['log.record.uid'])
    expect(second?.attributes['log.record.uid']).toBe(uid.replace(':0', ':4'))
    expect(third?.attributes['log.record.uid']).toBe(uid.replace(':0', ':10'))
    expect(Number(first?.observedNs) / 1e6).toBeGreaterThan(Date.now() - 60_000)
    expect(first?.timeNs).toBe('0')
  })

  it('waits for the end of a line, and for files that come later', async () => {
    put('epg.log', 'one\npar')
    await started()
    await arrived(1)
    put('play.log', 'first\n')
    put('epg.log', 'tial\n')
    await expectLines(['one', 'partial', 'first'])
  })

  it('starts at the end of files that were there, and at the beginning of those that come later', async () => {
    put('old.log', 'history\nbegun ')
    const agent = await started({ files: { startAt: 'end' } })
    put('old.log', 'before\nnews\n')
    put('new.log', 'all\n')
    await expectLines(['begun before', 'news', 'all'])
    await stopped(agent)
    put('while-down.log', 'missed by nobody\n')
    put('old.log', 'later\n')
    await started({ files: { startAt: 'end' } })
    await expectLines(['begun before', 'news', 'all', 'missed by nobody', 'later'])
  })

  it('goes on where it was after a stop', async () => {
    put('epg.log', 'one\n')
    await stopped(await started().then(async (agent) => (await arrived(1), agent)))
    put('epg.log', 'two\n')
    await started()
    await expectLines(['one', 'two'])
    expect(sink.repeats).toBe(0)
  })

  it('reads a renamed file to its end and the new one from its beginning', async () => {
    put('epg.log', 'one\n')
    await started()
    await arrived(1)
    renameSync(log('epg.log'), log('epg.log.1'))
    put('epg.log.1', 'late\n')
    put('epg.log', 'new\n')
    put('epg.log.1', 'later without an end')
    await expectLines(['one', 'late', 'new', 'later without an end'])
  })

  it('follows a file under its new name when a glob finds it there', async () => {
    put('epg.log', 'one\n')
    await started({ files: { include: [log('*')] } })
    await arrived(1)
    renameSync(log('epg.log'), log('epg.log.1'))
    put('epg.log', 'new\n')
    put('epg.log.1', 'late\n')
    await expectLines(['one', 'new', 'late'])
  })

  it('finds the rest of a truncated file in its copy', async () => {
    put('epg.log', 'one\n')
    await started()
    await arrived(1)
    put('epg.log', 'two\nthree\n')
    copyFileSync(log('epg.log'), log('epg.log.1'))
    truncateSync(log('epg.log'))
    put('epg.log', 'new\n')
    await expectLines(['one', 'two', 'three', 'new'])
  })

  it('does not read a copy beside its original', async () => {
    put('epg.log', 'one\n')
    const agent = await started({ files: { include: [log('*')] } })
    await arrived(1)
    copyFileSync(log('epg.log'), log('epg.log.1'))
    await until(() => agent.events.some(({ event, why }) => event === 'file_skipped' && why === 'it is a copy of a file that is read'), 'the copy is seen')
    truncateSync(log('epg.log'))
    put('epg.log', 'new\n')
    await expectLines(['one', 'new'])
  })

  it('leaves out the hole that a writer makes who does not see the truncation', async () => {
    put('epg.log', 'one\n'.repeat(50))
    await started()
    await arrived(50)
    truncateSync(log('epg.log'))
    truncateSync(log('epg.log'), 5000)
    put('epg.log', 'after\n')
    await expectLines([...Array.from({ length: 50 }, () => 'one'), 'after'])
  })

  it('finds what was rotated while it was not running: renamed, copied, compressed, more than once', async () => {
    for (const name of ['a', 'b', 'c', 'd']) put(`${name}.log`, `${name} one\n`)
    const agent = await started()
    await arrived(4)
    await stopped(agent)
    for (const name of ['a', 'b', 'c', 'd']) put(`${name}.log`, `${name} two\n`)
    renameSync(log('a.log'), log('a.log.1'))
    copyFileSync(log('b.log'), log('b.log.1'))
    truncateSync(log('b.log'))
    writeFileSync(log('c.log-20261125.gz'), gzipSync(readFileSync(log('c.log'))))
    rmSync(log('c.log'))
    renameSync(log('d.log'), log('d.log.2'))
    await new Promise((resolve) => setTimeout(resolve, 20))
    put('d.log.1', 'd between\n')
    for (const name of ['a', 'b', 'c', 'd']) put(`${name}.log`, `${name} new\n`)
    await started()
    await expectLines(['a', 'b', 'c', 'd'].flatMap((name) => [`${name} one`, `${name} two`, `${name} new`]).concat('d between'))
    expect(sink.repeats).toBe(0)
  })

  it('reads on in a file that was deleted', async () => {
    put('epg.log', 'one\n')
    sink.answer = () => ({ status: 503, headers: { 'retry-after': '0' } })
    await started()
    await until(() => sink.requests > 1, 'it tries')
    put('epg.log', 'two\nthree')
    await new Promise((resolve) => setTimeout(resolve, 50))
    rmSync(log('epg.log'))
    sink.answer = () => ({ status: 200 })
    await expectLines(['one', 'two', 'three'])
  })

  it('reads a file once, whatever names lead to it', async () => {
    put('epg.log', 'one\n')
    symlinkSync(log('epg.log'), log('link.log'))
    linkSync(log('epg.log'), log('hard.log'))
    symlinkSync(log('nowhere'), log('dangling.log'))
    mkdirSync(log('directory.log'))
    await started()
    put('link.log', 'two\n')
    await expectLines(['one', 'two'])
  })

  it('cuts a long line and says how long it was', async () => {
    const long = 'ü'.repeat(5 * 1024 * 1024)
    put('epg.log', `before\n${long}\nafter\n`)
    put('play.log', `${'x'.repeat(300_000)}\nshort\n`)
    await started()
    await arrived(5)
    const cut = sink.lines.filter(({ attributes }) => attributes['skein.log.cut_bytes'] !== undefined)
    expect(cut.map(({ body }) => Buffer.byteLength(body))).toEqual([262_144, 262_144])
    expect(cut.map(({ attributes }) => String(attributes['skein.log.cut_bytes'])).sort()).toEqual([String(10 * 1024 * 1024), '300000'])
    expect(sink.bodies().filter((body) => body.length < 10)).toEqual(expect.arrayContaining(['before', 'after', 'short']))
  })

  it('keeps NUL, and what is not UTF-8 as U+FFFD', async () => {
    writeFileSync(log('epg.log'), Buffer.concat([Buffer.from('a\0b\n'), Buffer.from([0x61, 0xff, 0xfe, 0x62, 0x0a]), Buffer.from('fine ü\n')]))
    await started()
    await expectLines(['a\0b', 'a��b', 'fine ü'])
  })

  it('joins the lines of an event, and sends the last one after a while', async () => {
    put('epg.log', '2026-11-25 20:00:00 failed\njava.lang.IllegalStateException: no\n\tat a.B.c(B.java:1)\nCaused by: x\n2026-11-25 20:00:01 fine\n')
    await started({ files: { multiline: 'java', multilineMs: 20 } })
    await expectLines(['2026-11-25 20:00:00 failed\njava.lang.IllegalStateException: no\n\tat a.B.c(B.java:1)\nCaused by: x', '2026-11-25 20:00:01 fine'])
  })

  it('has one request of a file under way, and several files side by side', async () => {
    sink.answer = () => ({ status: 200, delayMs: 50 })
    const expected: string[] = []
    for (let file = 0; file < 6; file++) {
      const lines = Array.from({ length: 1500 }, (_, line) => `${file} ${line} ${'x'.repeat(1000)}`)
      expected.push(...lines)
      put(`${file}.log`, `${lines.join('\n')}\n`)
    }
    await started({ config: { requestBytes: 1024 * 1024 } })
    await expectLines(expected)
    expect(sink.peak).toBeGreaterThan(1)
    expect(sink.repeats).toBe(0)
  })

  it('makes requests smaller for a collector that takes no large ones', async () => {
    sink.answer = (lines) => ({ status: lines > 4000 ? 413 : 200 })
    const lines = Array.from({ length: 12_000 }, (_, line) => `line ${line}`)
    put('epg.log', `${lines.join('\n')}\n`)
    await started()
    await expectLines(lines)
  })

  it('falls back to gzip where zstd is not taken', async () => {
    let first = true
    sink.answer = () => {
      const status = first ? 415 : 200
      first = false
      return { status }
    }
    put('epg.log', 'one\n')
    await started()
    await expectLines(['one'])
  })

  it('counts what the collector refuses for good and goes on', async () => {
    sink.answer = (_, request) => ({ status: request === 0 ? 400 : 200 })
    put('epg.log', 'bad\n')
    const agent = await started()
    await until(() => agent.counters.refusedRecords === 1, 'it is counted')
    put('epg.log', 'good\n')
    await expectLines(['good'])
    sink.answer = () => ({ status: 200, body: Buffer.from([0x0a, 0x06, 0x08, 0x01, 0x12, 0x02, 0x6e, 0x6f]) })
    put('epg.log', 'partial\n')
    await until(() => agent.counters.refusedRecords === 2, 'partial success is counted')
    expect(agent.events.find(({ why }) => why === 'no')).toMatchObject({ event: 'records_refused', records: 1 })
  })

  it('stops reading while the collector is away, and takes what the files then hold', async () => {
    sink.answer = () => ({ status: 503 })
    const agent = await started({ config: { requests: 2, requestBytes: 1024 * 1024 } })
    const lines = Array.from({ length: 6000 }, (_, line) => `line ${line} ${'x'.repeat(1000)}`)
    put('epg.log', `${lines.join('\n')}\n`)
    await until(() => agent.events.some(({ event }) => event === 'collector_away'), 'it is told')
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(agent.counters.bytes).toBe(0)
    sink.answer = () => ({ status: 200 })
    await expectLines(lines)
    expect(agent.events.filter(({ event }) => event === 'collector_away')).toHaveLength(1)
  })

  it('forgets files that were rotated away long ago, and no others', async () => {
    for (const name of ['old', 'new', 'there']) put(`${name}.log`, `${name}\n`)
    const agent = await started()
    await arrived(3)
    for (const name of ['old', 'new', 'there']) utimesSync(log(`${name}.log`), new Date(), new Date(Date.now() - (name === 'new' ? 1 : 40) * 86_400_000))
    await new Promise((resolve) => setTimeout(resolve, 50))
    for (const name of ['old', 'new']) rmSync(log(`${name}.log`))
    await until(() => agent.events.filter(({ event }) => event === 'file_finished').length === 2, 'both are finished')
    await stopped(agent)
    await stopped(await started())
    const store = openPositionStore(place.data)
    expect(
      store
        .positions()
        .map(({ path }) => path)
        .sort(),
    ).toEqual([log('new.log'), log('there.log')])
    await store.close()
  })

  it('refuses a directory that another agent uses', async () => {
    await started()
    expect(() => agentFor(place, sink.url)).toThrow('is in use by process')
  })
})
