import { copyFileSync, readFileSync, renameSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { until } from './agent-for-tests.ts'
import { agentsForTests } from './agents-for-tests.ts'
import { type Change, openPositionStore, type PositionStore } from './positions/position-store.ts'

const { place, sink, log, put, arrived, started, stopped, expectLines } = agentsForTests()

/** Positions that are written by the rule. */
function positionsBy(write: (store: PositionStore, change: Change) => Promise<void>): (directory: string) => PositionStore {
  return (directory) => {
    const store = openPositionStore(directory)
    return { ...store, write: (change) => write(store, change) }
  }
}

function copyAndTruncate(name: string): void {
  copyFileSync(log(name), log(`${name}.1`))
  truncateSync(log(name))
}

describe('a file whose bytes go before they were read', () => {
  it.each(['*.log', '*'])('is read on in its copy, though nothing of it was whole, found by %s', async (glob) => {
    put('epg.log', 'begun ')
    const agent = await started({ files: { include: [log(glob)] } })
    put('epg.log', 'and ended\n')
    copyAndTruncate('epg.log')
    await until(() => agent.events.some(({ event }) => event === 'file_truncated'), 'the truncation is seen')
    await arrived(1)
    put('epg.log', 'new\n')
    await expectLines(['begun and ended', 'new'])
  })

  it('is told from one that was refilled to just where reading went on', async () => {
    const [before, after] = ['a'.repeat(2000), 'b'.repeat(2000)]
    put('epg.log', `${before}\nrest`)
    await started()
    await arrived(1)
    copyAndTruncate('epg.log')
    put('epg.log', `${after}\n`)
    await expectLines([before, 'rest', after])
  })

  it.each(['*.log', '*'])('is unpacked to its end, however slowly identities become durable, found by %s', async (glob) => {
    put('epg.log', 'one\n')
    const slow = positionsBy(async (store, change) => (await sleep(60), store.write(change)))
    await started({ files: { include: [log(glob)] }, deps: { openPositions: slow } })
    await arrived(1)
    const lines = Array.from({ length: 500 }, (_, index) => `line ${index}`)
    writeFileSync(log('epg.log.1.gz'), gzipSync(`${lines.join('\n')}\n`))
    await expectLines(['one', ...lines])
  })

  it('keeps its identity for what was sent of it, should the agent end before it knows what came of that', async () => {
    let killed = false
    const mortal = positionsBy((store, change) => (killed ? Promise.resolve() : store.write(change)))
    sink().answer = () => ((killed = true), { status: 200 })
    const agent = await started({ deps: { openPositions: mortal } })
    put('epg.log', '')
    await until(() => agent.events.some(({ event }) => event === 'file_followed'), 'the empty file is seen')
    put('epg.log', 'one\ntwo\n')
    await arrived(2)
    await stopped(agent)
    copyAndTruncate('epg.log')
    put('epg.log', 'six\nten\n')
    await started()
    await expectLines(['one', 'two', 'six', 'ten'])
    expect(sink().repeats).toBe(2)
  })

  it('is read on in a copy whose name was just changing when the agent came back', async () => {
    put('epg.log', 'one\n')
    const agent = await started()
    await arrived(1)
    await stopped(agent)
    put('epg.log', 'two\n')
    renameSync(log('epg.log'), log('elsewhere'))
    await started()
    renameSync(log('elsewhere'), log('epg.log.1'))
    await expectLines(['one', 'two'])
    expect(sink().repeats).toBe(0)
  })
})

describe('a file that begins like another', () => {
  const lines = (of: string): string[] => Array.from({ length: 500 }, (_, index) => `${of} ${index}`)

  it('is not read while it becomes a copy, nor once it is one', async () => {
    put('epg.log', `${lines('old').join('\n')}\n`)
    const agent = await started({ files: { include: [log('*')] }, deps: { timing: { activeMs: 5, quietMs: 10, refusedMs: 30 } } })
    await arrived(500)
    const whole = readFileSync(log('epg.log'))
    for (const [from, to] of [
      [0, 0],
      [0, 300],
      [300, 3000],
      [3000, whole.length],
    ] as const) {
      put('epg.log.1', whole.subarray(from, to).toString())
      await sleep(40)
    }
    await until(() => agent.events.some(({ event, why }) => event === 'file_skipped' && why === 'it is a copy of a file that is read'), 'the copy is seen')
    truncateSync(log('epg.log'))
    put('epg.log', 'new\n')
    await expectLines([...lines('old'), 'new'])
  })

  it('is known as a copy, though it was nowhere to be found when the agent came back', async () => {
    put('epg.log', 'one\n')
    const include = [log('epg*')]
    const agent = await started({ files: { include } })
    await arrived(1)
    await stopped(agent)
    copyFileSync(log('epg.log'), log('elsewhere'))
    rmSync(log('epg.log'))
    const next = await started({ files: { include } })
    await until(() => next.events.some(({ event }) => event === 'rest_not_found'), 'it is given up')
    put('epg.log', 'new\n')
    renameSync(log('elsewhere'), log('epg.log.1'))
    await until(() => next.events.some(({ event, path }) => event === 'file_skipped' && path === log('epg.log.1')), 'the copy is seen')
    await expectLines(['one', 'new'])
  })

  it.each([
    ['*.log', false],
    ['*.log', true],
    ['epg*', false],
    ['epg*', true],
  ])('is known as a copy, though it has the place of a file that was empty, found by %s, finished: %s', async (glob, done) => {
    const include = [log(glob)]
    put('epg.log', 'one\n')
    const agent = await started({ files: { include } })
    await arrived(1)
    await stopped(agent)
    copyFileSync(log('epg.log'), log('epg.log.1'))
    const { dev: device, ino: inode, mtimeMs } = statSync(log('epg.log.1'))
    const nothing = { head: 'e3b0c44298fc1c14', headBytes: 0, offset: 0, guard: 0, guardBytes: 0 }
    const store = openPositionStore(place().data)
    await store.write({ positions: [{ ...nothing, identity: '0123456789abcdef', device, inode, path: log('epg.log'), mtimeMs, done }] })
    await store.close()
    await started({ files: { include } })
    await sleep(200)
    put('epg.log', 'two\n')
    await expectLines(['one', 'two'])
  })

  it('is known as a copy, though it is packed and nothing of the original was looked at', async () => {
    put('busy.log', 'busy\n')
    put('epg.log', '')
    sink().answer = (_lines, request) => ({ status: 200, delayMs: request === 0 ? 700 : 0 })
    await started({ config: { requests: 1 } })
    await until(() => sink().requests === 1, 'the only request is under way')
    put('epg.log', 'one\n')
    writeFileSync(log('epg.log.1.gz'), gzipSync(readFileSync(log('epg.log'))))
    rmSync(log('epg.log'))
    await expectLines(['busy', 'one'])
  })

  it('is read from its beginning when the other holds no more than that', async () => {
    put('epg.log', 'header\n')
    const agent = await started({ files: { include: [log('*')] } })
    await arrived(1)
    renameSync(log('epg.log'), log('epg.log.1'))
    await stopped(agent)
    await started({ files: { include: [log('*')] } })
    put('epg.log', 'header\none\n')
    await expectLines(['header', 'header', 'one'])
  })

  it('is read from where the other ended when that was finished, should it have come and gone between two looks', async () => {
    put('epg.log', 'header\n')
    const agent = await started()
    await arrived(1)
    rmSync(log('epg.log'))
    await until(() => agent.events.some(({ event }) => event === 'file_finished'), 'it is finished')
    put('epg.log.1', 'header\none\n')
    await expectLines(['header', 'one'])
  })
})
