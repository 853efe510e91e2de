import { copyFileSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { agentFor, until } from './agent-for-tests.ts'
import { agentsForTests } from './agents-for-tests.ts'
import { openPositionStore } from './positions/position-store.ts'

const { place, sink, log, put, arrived, started, stopped, expectLines } = agentsForTests()

describe('agent', () => {
  it('sends each line with where it stands', async () => {
    put('epg.log', 'one\ntwo\r\n\nüñ\n')
    await started({ config: { environment: 'prod', cluster: 'dc1', attributes: { rack: '7' } } })
    await expectLines(['one', 'two', 'üñ'])
    const [first, second, third] = sink().lines
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
    expect(sink().repeats).toBe(0)
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
    expect(sink().repeats).toBe(0)
  })

  it('reads on in a file that was deleted', async () => {
    put('epg.log', 'one\n')
    sink().answer = () => ({ status: 503, headers: { 'retry-after': '0' } })
    await started()
    await until(() => sink().requests > 1, 'it tries')
    put('epg.log', 'two\nthree')
    await new Promise((resolve) => setTimeout(resolve, 50))
    rmSync(log('epg.log'))
    sink().answer = () => ({ status: 200 })
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
    const cut = sink().lines.filter(({ attributes }) => attributes['skein.log.cut_bytes'] !== undefined)
    expect(cut.map(({ body }) => Buffer.byteLength(body))).toEqual([262_144, 262_144])
    expect(cut.map(({ attributes }) => String(attributes['skein.log.cut_bytes'])).sort()).toEqual([String(10 * 1024 * 1024), '300000'])
    expect(
      sink()
        .bodies()
        .filter((body) => body.length < 10),
    ).toEqual(expect.arrayContaining(['before', 'after', 'short']))
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
    const store = openPositionStore(place().data)
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
    expect(() => agentFor(place(), sink().url)).toThrow('is in use by process')
  })
})
