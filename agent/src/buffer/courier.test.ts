import { expect, it, onTestFinished } from 'vitest'
import { until } from '../agent-for-tests.ts'
import type { Sender, Sent } from '../send/sender.ts'
import { createCourier } from './courier.ts'
import type { BufferedKey, DiskBuffer } from './disk-buffer.ts'

/** Requests in a list; `broken` rejects and throws as a file that is broken does. */
function listBuffer(names: string[]) {
  const list = names.map((name, place) => ({ key: [place, 'logs', 1, 1] as BufferedKey, body: Buffer.from(name) }))
  const state = { reads: false, removals: false }
  const buffer: DiskBuffer = {
    put: () => Promise.resolve(),
    oldest: () => {
      if (state.reads) throw new Error('MDB_CORRUPTED')
      return list[0] ?? null
    },
    async remove(key) {
      if (state.removals) throw new Error('ENOSPC')
      list.splice(
        list.findIndex((each) => each.key === key),
        1,
      )
    },
    bytes: 0,
    close: () => Promise.resolve(),
  }
  return { buffer, list, state }
}

function courierOf(buffer: DiskBuffer, answer: (name: string) => Sent) {
  const sent: string[] = []
  const waits: number[] = []
  const events: unknown[] = []
  const tell = (fields: object): void => void events.push(fields)
  let stopped = false
  const sender: Sender = {
    send: async (body) => {
      sent.push(body.toString())
      return stopped ? 'stopped' : answer(body.toString())
    },
    encoding: 'gzip',
    trouble: null,
    stop: () => {
      stopped = true
    },
  }
  const release: (() => void)[] = []
  const courier = createCourier({
    buffer,
    signal: 'logs',
    sender,
    logger: { debug: tell, info: tell, warn: tell, error: tell },
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        waits.push(ms)
        release.push(resolve)
        if (signal.aborted) resolve()
        signal.addEventListener('abort', () => resolve())
      }),
    cutOff: () => undefined,
  })
  onTestFinished(() => courier.stop(0))
  return { courier, sent, waits, events, goOn: () => release.splice(0).forEach((resolve) => resolve()) }
}

it('only what is settled leaves the buffer', async () => {
  const { buffer, list } = listBuffer(['one', 'two'])
  let answers: Sent[] = ['settled', 'stopped']
  const { courier, sent } = courierOf(buffer, () => answers.shift() ?? 'settled')
  courier.wake()
  await until(() => sent.length >= 3, 'three')
  expect(sent.slice(0, 3)).toEqual(['one', 'two', 'two'])
  await until(() => list.length === 0, 'all is taken')
  answers = []
})

it('a buffer that can be neither read nor emptied is told of once, waited for, and ends no process', async () => {
  const unhandled: unknown[] = []
  const note = (error: unknown): void => void unhandled.push(error)
  process.on('unhandledRejection', note)
  onTestFinished(() => void process.off('unhandledRejection', note))
  const { buffer, list, state } = listBuffer(['one', 'two'])
  const { courier, sent, waits, events, goOn } = courierOf(buffer, () => 'settled')
  state.removals = true
  courier.wake()
  courier.wake()
  await until(() => waits.length === 1, 'the first failure')
  expect([sent, courier.trouble]).toEqual([['one'], 'Error: ENOSPC'])
  Object.assign(state, { removals: false, reads: true })
  goOn()
  await until(() => waits.length === 2, 'the second')
  expect(waits).toEqual([5000, 5000])
  expect(events).toHaveLength(1)
  Object.assign(state, { reads: false })
  goOn()
  await until(() => list.length === 0, 'all is taken')
  await until(() => courier.trouble === null, 'nothing is wrong')
  expect([sent, unhandled]).toEqual([['one', 'one', 'two'], []])
})

it('what comes in the moment in which the last is taken is not forgotten', async () => {
  const { buffer, list } = listBuffer([])
  const { courier, sent } = courierOf(buffer, () => 'settled')
  for (let n = 0; n < 50; n++) {
    list.push({ key: [n, 'logs', 1, 1], body: Buffer.from(String(n)) })
    courier.wake()
    for (let turn = 0; turn < n % 7; turn++) await Promise.resolve()
  }
  await until(() => list.length === 0, 'all is taken')
  expect(sent).toHaveLength(50)
})
