import { describe, expect, it } from 'vitest'
import { createContainerFormat } from './container-format.ts'
import { readCriLine, readDockerLine } from './container-line.ts'
import type { LineFormat } from './line-format.ts'
import { startsEvent } from './multiline.ts'
import { parseRfc3339 } from './rfc3339.ts'
import { createEventFormat, createTextFormat } from './text-format.ts'

interface Got {
  body: string
  offset: number
  timeNs: bigint
  stream: string
  cutBytes: number
}

/** What a format makes of a text given in chunks of a size, each beginning where the last was dealt with. */
function read(format: LineFormat, text: string | Buffer, options: { chunkBytes?: number; flush?: boolean; finish?: boolean } = {}): Got[] {
  const all = Buffer.from(text)
  const got: Got[] = []
  let at = 0
  for (let size = options.chunkBytes ?? all.length; ; size += options.chunkBytes ?? all.length) {
    const end = Math.min(all.length, Math.max(at, size))
    const last = end === all.length
    const bytes = all.subarray(at, end)
    const { flush = false, finish = false } = options
    at += format.parse({ bytes, offset: at, flush: last && flush, finish: last && finish, roomBytes: 1e9 }, (line) => {
      const stream = /stdout|stderr/.exec(line.extra.toString('latin1'))?.[0] ?? ''
      got.push({ body: line.bytes.toString('utf8', line.start, line.end), offset: line.offset, timeNs: line.timeNs, stream, cutBytes: line.cutBytes })
      return true
    })
    if (last) return got
  }
}

const limits = { lineBytes: 1000, blank: () => undefined }
const bodies = (got: Got[]): string[] => got.map(({ body }) => body)

describe('lines of text', () => {
  it('are the same however the file is read', () => {
    const text = `one\r\ntwo\n\n${'ü'.repeat(300)}\nlast`
    const whole = read(createTextFormat(limits), text, { finish: true })
    expect(bodies(whole)).toEqual(['one', 'two', 'ü'.repeat(300), 'last'])
    for (const chunkBytes of [7, 50, 620]) expect(read(createTextFormat(limits), text, { chunkBytes, finish: true })).toEqual(whole)
  })

  it('are cut between characters, and say how long they were', () => {
    const [line] = read(createTextFormat({ ...limits, lineBytes: 5 }), 'üüüü\n')
    expect(line).toMatchObject({ body: 'üü', cutBytes: 8 })
  })
})

describe('events of several lines', () => {
  const event = (preset: Parameters<typeof startsEvent>[0], text: string): string[] => {
    const starts = startsEvent(preset)
    if (starts === null) throw new Error('no preset')
    return bodies(read(createEventFormat(starts, limits), text, { flush: true }))
  }

  it('of Java keep their stack trace and its causes', () => {
    const first =
      '20:00 ERROR no\njava.lang.IllegalStateException: no\n\tat a.B.c(B.java:1)\n\t... 3 more\nCaused by: java.io.IOException: x\n\tat d.E.f(E.java:2)'
    expect(event('java', `${first}\n20:01 INFO yes\n`)).toEqual([first, '20:01 INFO yes'])
  })

  it('of Node keep frames and printed objects', () => {
    const first = "TypeError: x is not a function\n    at f (/app/a.js:1:2)\n    at g (/app/b.js:3:4) {\n  code: 'E'\n}"
    expect(event('node', `listening\n${first}\nnext\n`)).toEqual(['listening', first, 'next'])
  })

  it('of Python keep the traceback and what is raised', () => {
    const first = 'ERROR:root:no\nTraceback (most recent call last):\n  File "a.py", line 1, in <module>\n    f()\nValueError: no'
    expect(event('python', `${first}\nINFO:root:yes\n`)).toEqual([first, 'INFO:root:yes'])
  })

  it('of Go keep all goroutines of a panic', () => {
    const first = 'panic: no\n\ngoroutine 1 [running]:\nmain.main()\n\t/app/main.go:4 +0x1d\nexit status 2'
    expect(event('go', `2026/11/25 start\n${first}\n2026/11/25 start\n`)).toEqual(['2026/11/25 start', first, '2026/11/25 start'])
  })

  it.each([
    '2026-11-25 20:00:00',
    '[2026-11-25T20:00:00Z]',
    'Nov 25 20:00:00',
    '25/Nov/2026:20:00:00',
    '20:00:00.123',
    '1795636800',
    'I1125 20:00:00.1',
    '10.0.0.1 - - [25/Nov',
  ])('begin with a timestamp like %s', (stamp) => {
    expect(event('timestamp', `${stamp} one\nmore\n${stamp} two\n`)).toEqual([`${stamp} one\nmore`, `${stamp} two`])
  })

  it('begin where a pattern of the operator says, in time that grows with the line alone', () => {
    expect(event({ start: '^(a+)+$' }, `${'a'.repeat(200)}!\nb\naaa\n`)).toEqual([`${'a'.repeat(200)}!\nb`, 'aaa'])
  })

  it('end before they get longer than a line may be', () => {
    const starts = startsEvent('java')
    if (starts === null) throw new Error('no preset')
    const got = read(createEventFormat(starts, { ...limits, lineBytes: 20 }), `start\n${'  more\n'.repeat(5)}`, { flush: true })
    expect(got.every(({ body }) => body.length <= 20)).toBe(true)
    expect(bodies(got).join('\n')).toBe(`start\n${'  more\n'.repeat(5)}`.trimEnd())
  })

  it('wait for more until they are told not to', () => {
    const starts = startsEvent('java')
    if (starts === null) throw new Error('no preset')
    expect(bodies(read(createEventFormat(starts, limits), 'one\n  more\n'))).toEqual([])
  })
})

const container = (starts: Parameters<typeof startsEvent>[0] = 'none'): LineFormat =>
  createContainerFormat({ ...limits, read: null, starts: startsEvent(starts), multilineMs: 1000 })
const at = (second: number): string => `2026-11-25T20:00:${String(second).padStart(2, '0')}.000000001Z`

describe('logs of containers', () => {
  it('in the format of CRI keep time and stream, and join what was cut', () => {
    const text = `${at(1)} stdout P be\n${at(2)} stderr F no\n${at(3)} stdout F gin\n`
    const got = read(container(), text)
    expect(got.map(({ body, stream }) => [stream, body])).toEqual([
      ['stdout', 'begin'],
      ['stderr', 'no'],
    ])
    expect(got[0]?.timeNs).toBe(1_795_636_801_000_000_001n)
  })

  it('go out in order of their offsets, and are the same however the file is read', () => {
    const text = Array.from({ length: 40 }, (_, n) => `${at(n)} ${n % 3 === 0 ? 'stderr' : 'stdout'} ${n % 4 === 1 && n < 38 ? 'P' : 'F'} ${n}.\n`).join('')
    const whole = read(container(), text, { flush: true })
    const offsets = whole.map(({ offset }) => offset)
    expect(offsets).toEqual([...offsets].sort((a, b) => a - b))
    expect(bodies(whole).join('').split('.').length).toBe(41)
    for (const chunkBytes of [60, 200, 777]) expect(read(container(), text, { chunkBytes, flush: true })).toEqual(whole)
  })

  it('join events of several lines a stream, while the other goes on', () => {
    const text = `${at(1)} stderr F Error: no\n${at(1)} stdout F fine\n${at(1)} stderr F     at f\n${at(9)} stdout F later\n${at(9)} stderr F next\n`
    expect(bodies(read(container('node'), text, { flush: true }))).toEqual(['Error: no\n    at f', 'fine', 'later', 'next'])
  })

  it('in the format of Docker keep time and stream, and join what was cut', () => {
    const json = (log: string, stream: string): string => `${JSON.stringify({ log, stream, time: at(1) })}\n`
    expect(read(container(), json('be', 'stdout') + json('gin\n', 'stdout') + json('no\n', 'stderr')).map(({ body, stream }) => [stream, body])).toEqual([
      ['stdout', 'begin'],
      ['stderr', 'no'],
    ])
  })

  it('that no runtime wrote are taken as they are', () => {
    expect(bodies(read(container(), `${at(1)} stdout F one\nstrange\n${at(1)} stdout X no\n`))).toEqual(['one', 'strange', `${at(1)} stdout X no`])
  })

  it.each(['', 'x', '{}', '{"log":1}', '[]', 'null', `${at(1)} stdout`, `${at(1)} stdlog F x`])('are told from others: %s', (text) => {
    const bytes = Buffer.from(text)
    expect(readCriLine(bytes, 0, bytes.length)).toBeNull()
    expect(readDockerLine(bytes, 0, bytes.length)).toBeNull()
  })
})

describe('times by RFC 3339', () => {
  const parse = (text: string): bigint | null => parseRfc3339(Buffer.from(text), 0, text.length)

  it.each(['1970-01-01T00:00:00Z', '2000-02-29T23:59:59.999Z', '2026-11-25T20:00:00.123+08:00', '2038-01-19T03:14:08-05:30', '1969-12-31T23:59:59Z'])(
    'are read: %s',
    (text) => {
      expect(parse(text)).toBe(BigInt(Date.parse(text)) * 1_000_000n)
    },
  )

  it('keep nanoseconds', () => {
    expect(parse('1970-01-01T00:00:01.123456789Z')).toBe(1_123_456_789n)
  })

  it.each(['', 'x'.repeat(30), '2026-11-25T20:00:00', '2026-11-25T2a:00:00Z', '2026-11-25T20:00:00.1', '2026-11-25T20:00:00+0800'])('or not: %s', (text) => {
    expect(parse(text)).toBeNull()
  })
})
