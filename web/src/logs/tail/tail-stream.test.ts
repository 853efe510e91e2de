import { beforeEach, describe, expect, it } from 'vitest'
import { createTailStream, type TailEvents } from './tail-stream.ts'

class FakeSource extends EventTarget {
  readonly CLOSED = 2
  readyState = 0
  onopen: (() => void) | null = null
  onerror: (() => void) | null = null
  readonly after: string
  closedByUs = false
  constructor(after: string) {
    super()
    this.after = after
  }
  send(name: string, data: unknown, lastEventId = '') {
    this.dispatchEvent(new MessageEvent(name, { data: typeof data === 'string' ? data : JSON.stringify(data), lastEventId }))
  }
  fail(readyState: number) {
    this.readyState = readyState
    this.onerror?.()
  }
  close() {
    this.closedByUs = true
  }
}

let sources: FakeSource[] = []
let waiting: { call: () => void; delayMs: number }[] = []
let told: string[] = []

const tell = (name: string) => (value: unknown) => void told.push(`${name} ${JSON.stringify(value)}`)
const events: TailEvents = {
  onLines: tell('lines'),
  onDropped: tell('dropped'),
  onState: tell('state'),
  onConnection: tell('connection'),
  onProblem: tell('problem'),
}
const start = () =>
  createTailStream({
    ...events,
    open: (after) => {
      const source = new FakeSource(after)
      sources.push(source)
      return source as unknown as EventSource
    },
    later: (call, delayMs) => {
      const one = { call, delayMs }
      waiting.push(one)
      return () => void (waiting = waiting.filter((each) => each !== one))
    },
  })

beforeEach(() => {
  sources = []
  waiting = []
  told = []
})

describe('the stream of a tail', () => {
  it('hands on what it can read, and nothing else', () => {
    start()
    sources[0]?.onopen?.()
    sources[0]?.send('state', { linesPerSecond: 5, behindMs: 12, seen: 7 })
    sources[0]?.send('state', 'not json')
    sources[0]?.send('dropped', { lines: 'many' })
    sources[0]?.send('dropped', { lines: 3, total: 3, reason: 'slow_reader' })
    expect(told).toEqual([
      'connection "connecting"',
      'connection "connected"',
      'state {"linesPerSecond":5,"behindMs":12,"seen":7}',
      'dropped {"lines":3,"total":3,"reason":"slow_reader"}',
    ])
  })

  it('leaves reconnecting to the browser, and where that gave up goes on behind the last event, ever more seldom', () => {
    const stream = start()
    sources[0]?.send('lines', { lines: [], resources: {} }, 'e7')
    sources[0]?.fail(0)
    expect([sources.length, waiting.length]).toEqual([1, 0])
    sources[0]?.fail(2)
    expect(waiting.map(({ delayMs }) => delayMs)).toEqual([1000])
    waiting[0]?.call()
    expect(sources[1]?.after).toBe('e7')
    sources[1]?.fail(2)
    expect(waiting.at(-1)?.delayMs).toBe(2000)
    stream.close()
    expect(waiting.map(({ delayMs }) => delayMs)).toEqual([1000])
    expect(sources[1]?.closedByUs).toBe(true)
  })

  it('comes back ever more seldom to a server that only tells a problem, and at once again after lines', () => {
    const away = { type: 'about:blank', title: 'Away', status: 503, code: 'store_unavailable' }
    const end = () => {
      sources.at(-1)?.onopen?.()
      sources.at(-1)?.send('problem', away)
      expect(sources.at(-1)?.closedByUs).toBe(true)
      expect(told.slice(-2)).toEqual(['problem "Away"', 'connection "reconnecting"'])
      waiting.at(-1)?.call()
      return waiting.at(-1)?.delayMs
    }
    start()
    expect([end(), end(), end()]).toEqual([1000, 2000, 5000])
    sources.at(-1)?.send('lines', { lines: [], resources: {} }, 'e8')
    expect(end()).toBe(1000)
  })

  it('stops where the server refuses the search, and says why', () => {
    start()
    sources[0]?.send('problem', { type: 'about:blank', title: 'Bad', status: 400, code: 'invalid_parameter', detail: 'column 3' })
    expect(told.slice(1)).toEqual(['problem "column 3"', 'connection "refused"'])
    expect(sources[0]?.closedByUs).toBe(true)
    expect(waiting).toEqual([])
  })
})
