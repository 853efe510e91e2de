import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ParseAction } from '../log-rule.ts'
import { readAct } from './actions.ts'
import { lineOf } from './line-for-tests.ts'
import { readJson, readLogfmt } from './pairs.ts'
import type { RuleLine } from './rule-line.ts'
import type { RuleRun } from './run.ts'
import { readTime } from './times.ts'

const run = { work: { left: 1e9 }, times: { pastDays: 7, futureMinutes: 10 } } as RuleRun

function parsed(body: string, action: Omit<ParseAction, 'type'>, line: RuleLine = lineOf({ body }), times = run.times): RuleLine {
  const read = readAct({ type: 'parse', ...action }, '')
  if (!read.ok) throw new Error(read.message)
  read.act(line, { ...run, times })
  return line
}
const fields = (line: RuleLine): Record<string, unknown> => Object.fromEntries(line.attributes)

describe('formats', () => {
  test('JSON: objects become names with dots, time, severity and trace go to their places', () => {
    const line = parsed(
      '{"time":"2025-11-24T15:59:59.25Z","level":50,"msg":"no","http":{"status":500},"trace_id":"0AF7651916CD43DD8448EB211C80319C","l":[1,"a"],"n":null}',
      {
        format: 'json',
        message: 'msg',
      },
    )
    expect(fields(line)).toEqual({ 'http.status': 500, l: '[1,"a"]' })
    expect([line.timeNs, line.severity, line.body, line.traceId]).toEqual([1_763_999_999_250_000_000n, 17, 'no', '0af7651916cd43dd8448eb211c80319c'])
  })

  test('logfmt and key-value', () => {
    expect(fields(parsed('ts=x level=warn msg="a \\"b\\" c" dur=35 ok empty= z="1"', { format: 'logfmt' }))).toEqual({
      ts: 'x',
      msg: 'a "b" c',
      dur: 35,
      ok: true,
      empty: '',
      z: '1',
    })
    expect(fields(parsed('a: 1; b: "x;y"; c', { format: 'key_value', separator: ';', assign: ':' }))).toEqual({ a: 1, b: 'x;y' })
    expect(fields(parsed('plain words', { format: 'logfmt' }))).toEqual({})
  })

  test('CSV with quotations; another number of columns is none of it', () => {
    const columns = ['a', '', 'c']
    expect(fields(parsed('1,skip,"x ""y"", z"', { format: 'csv', columns }))).toEqual({ a: 1, c: 'x "y", z' })
    expect(fields(parsed('1,2', { format: 'csv', columns }))).toEqual({})
    expect(fields(parsed('1,2,"3', { format: 'csv', columns }))).toEqual({})
  })

  test('expressions and grok', () => {
    expect(fields(parsed('GET /x took 12ms', { format: 'regex', pattern: '(?P<verb>[A-Z]+) (?<path>\\S+) took (?P<ms>\\d+)' }))).toEqual({
      verb: 'GET',
      path: '/x',
      ms: '12',
    })
    expect(
      fields(parsed('10.0.0.1 GET /x 0.5', { format: 'grok', pattern: '%{IP:client.address} %{WORD:http.method} %{URIPATHPARAM:url} %{NUMBER:secs:float}' })),
    ).toEqual({
      'client.address': '10.0.0.1',
      'http.method': 'GET',
      url: '/x',
      secs: 0.5,
    })
  })

  test('Nginx, also with what ingress-nginx adds', () => {
    const line = parsed(
      '203.0.113.9 - bob [24/Nov/2025:16:00:00 +0000] "POST /play HTTP/2.0" 404 52 "https://tv/" "TV/1" 512 0.020 [tv-epg-80] [] 10.0.0.8:80 52 0.018 404 ab12',
      { format: 'nginx_main' },
    )
    expect(fields(line)).toEqual({
      'client.address': '203.0.113.9',
      'user.name': 'bob',
      'http.request.method': 'POST',
      'url.path': '/play',
      'network.protocol.version': '2.0',
      'http.response.status_code': 404,
      'http.response.body.size': 52,
      'http.request.header.referer': 'https://tv/',
      'user_agent.original': 'TV/1',
      'http.request.size': 512,
      'http.server.request.duration': 0.02,
      'upstream.name': 'tv-epg-80',
      'upstream.address': '10.0.0.8:80',
      'upstream.duration': 0.018,
      'upstream.status': 404,
      'http.request.id': 'ab12',
    })
    expect(line.timeNs).toBe(1_764_000_000_000_000_000n)
    expect(parsed(line.body, { format: 'nginx_main' }, lineOf({ body: line.body, severity: 0 })).severity).toBe(13)
  })

  test('of several tries of Nginx the last counts, in quotes or not', () => {
    const head = '10.0.0.1 - - [24/Nov/2025:16:00:00 +0000] "GET / HTTP/1.1" 200 5 "-" "-"'
    const tails = ['urt="0.1, 0.2 : 0.3" us="502, 502 : 200" rt=0.7', 'urt=0.1, 0.2 : 0.3 us=502, 502 : 200 rt=0.7']
    for (const tail of tails)
      expect(fields(parsed(`${head} ${tail}`, { format: 'nginx_combined' }))).toMatchObject({
        'upstream.duration': 0.3,
        'upstream.status': 200,
        'http.server.request.duration': 0.7,
      })
  })

  test('Envoy, also as Istio writes it', () => {
    const plain = fields(
      parsed('[2025-11-24T16:00:00.123Z] "GET /api HTTP/1.1" 200 - 0 154 12 11 "10.0.0.1" "curl" "id-1" "api.tv" "10.0.0.9:80"', { format: 'envoy' }),
    )
    expect(plain).toMatchObject({
      'upstream.duration': 0.011,
      'http.server.request.duration': 0.012,
      'upstream.address': '10.0.0.9:80',
      'server.address': 'api.tv',
    })
    const istio = parsed(
      '[2025-11-24T16:00:00.123Z] "GET /api HTTP/1.1" 503 UF upstream_reset - "-" 0 91 5 - "-" "curl" "id-1" "epg:80" "10.0.0.9:80" outbound|80||epg.tv.svc.cluster.local 10.1.1.1:5 10.1.1.2:80 10.1.1.3:4 - default',
      { format: 'envoy' },
    )
    expect(fields(istio)).toMatchObject({
      'http.response.status_code': 503,
      'upstream.name': 'outbound|80||epg.tv.svc.cluster.local',
      'upstream.address': '10.0.0.9:80',
    })
    expect(istio.timeNs).toBe(1_764_000_000_123_000_000n)
  })
})

describe('what is wrong with an action is said with its field', () => {
  test.each([
    [{ format: 'regex', pattern: '(a)(?=b)' }, 'pattern', /looks around/],
    [{ format: 'regex', pattern: 'abc' }, 'pattern', /no named group/],
    [{ format: 'grok', pattern: '%{NOPE:x}' }, 'pattern', /no pattern NOPE/],
    [{ format: 'grok' }, 'pattern', /needs a pattern/],
    [{ format: 'csv' }, 'columns', /needs columns/],
  ] as const)('%o', (action, field, message) => {
    const read = readAct({ type: 'parse', ...action }, '')
    expect(read).toMatchObject({ ok: false, field, message: expect.stringMatching(message) as string })
  })
})

describe('a time is believed as intake believes it, else it stays a field', () => {
  const secondsNs = 1_000_000_000n
  const nowNs = 1_764_000_000n * secondsNs
  test.each([
    [7, 10, -7 * 86_400, true],
    [7, 10, -7 * 86_400 - 1, false],
    [7, 10, 600, true],
    [7, 10, 601, false],
    [1, 1, -86_401, false],
    [1, 1, 61, false],
    [30, 60, -29 * 86_400, true],
    [30, 60, 3599, true],
  ])('%i days back and %i minutes ahead, %i s from now: %s', (pastDays, futureMinutes, seconds, believed) => {
    const text = String(1_764_000_000 + seconds)
    const line = parsed(`{"time":${text}}`, { format: 'json' }, lineOf({ body: `{"time":${text}}`, logTimeMs: 1_764_000_000_000 }), { pastDays, futureMinutes })
    expect(line.timeNs).toBe(believed ? nowNs + BigInt(seconds) * secondsNs : nowNs)
    expect(fields(line)).toEqual(believed ? {} : { time: Number(text) })
  })
})

test('times as logs write them', () => {
  const wanted = 1_764_000_000_000_000_000n
  for (const text of [
    '1764000000',
    '1764000000000',
    '1764000000000000',
    '1764000000000000000',
    '1764000000.0',
    '2025-11-24T16:00:00Z',
    '2025-11-25 00:00:00+08:00',
    '2025/11/24 16:00:00',
    '24/Nov/2025:16:00:00 +0000',
  ])
    expect([text, readTime(text, 'auto')]).toEqual([text, wanted])
  expect(readTime('2025-11-24 16:00:00,5', 'auto')).toBe(wanted + 500_000_000n)
  for (const text of ['', 'now', '2025-02-30T00:00:00Z', '2025-13-01T00:00:00Z', '24/Foo/2025:16:00:00 +0000', '-5', '1e9'])
    expect([text, readTime(text, 'auto')]).toEqual([text, null])
})

describe('hostile lines', () => {
  test('whatever comes, readers answer and stay within bounds', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.json(),
      fc.array(fc.constantFrom('a=', '"', '\\', ' ', '[', ']', '{', '}', ',', '中', '=', '1', '\0'), { maxLength: 60 }).map((parts) => parts.join('')),
    )
    const formats = ['json', 'logfmt', 'key_value', 'nginx_combined', 'nginx_main', 'envoy'] as const
    fc.assert(
      fc.property(text, (body) => {
        for (const format of formats) expect(parsed(body, { format }).attributes.size).toBeLessThanOrEqual(256)
        parsed(body, { format: 'csv', columns: ['a', 'b'] })
      }),
      { numRuns: 150 },
    )
  })

  test('deep and wide JSON ends where attributes end', () => {
    expect(readJson(`${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`)?.size ?? 0).toBeLessThanOrEqual(1)
    expect(readJson(`{${Array.from({ length: 100_000 }, (_, at) => `"k${at}":1`).join()}}`)?.size).toBe(256)
  })

  test('ten megabytes take time in proportion', () => {
    const started = performance.now()
    for (const body of ['a'.repeat(1e7), 'a='.repeat(5e6), `"${'\\"'.repeat(5e6)}`, ' '.repeat(1e7)]) readLogfmt(body)
    for (const format of ['nginx_combined', 'envoy', 'json', 'key_value'] as const) parsed('["'.repeat(5e5), { format })
    expect(performance.now() - started).toBeLessThan(5000)
  })
})
