import { createHash } from 'node:crypto'
import { compileSearch } from '@skein/schemas/filter/compile'
import { severityClass } from '@skein/schemas/severity'
import { expect, test } from 'vitest'
import { encodeAttribute, encodeRest } from './attribute-text.ts'
import { BODIES, hex, idOf, idsOf, insertLines, insertResources, LINES, MINUTE_MS, searchOf, START_MS, WINDOW } from './conformance-log-lines.ts'
import { logTailLaws } from './conformance-log-tail.ts'
import { logWordLaws } from './conformance-log-words.ts'
import { type HandRow, insertRows } from './conformance-rows.ts'
import type { Suite } from './conformance-suite.ts'

const SECOND_MS = 1000
const SEARCHES = [
  ...[
    'failed ¦ FAILED ¦ reset ¦ presets ¦ pay* ¦ *load* ¦ pay*peer ¦ pay*pee ¦ "by peer" ¦ "by pee" ¦ 登录 ¦ 登录失败 ¦ 失败 -用户 ¦ b ¦ "a.b" ¦ a.b:c ¦ d_e ¦ über',
    'ÜBER ¦ * ¦ -* ¦ 3.14 ¦ /\\d+ms$/ ¦ /PEER/i ¦ -/e/ ¦ severity>=warn ¦ severity:error ¦ severity!=error ¦ severity:error2 ¦ severity:none',
    'severity<warn ¦ severity:* ¦ service:epg ¦ service:e* ¦ service!=epg ¦ service:/^d/ ¦ service:(drm OR nobody) ¦ environment:prod ¦ environment!=prod',
    'cluster:*-2 ¦ namespace:* ¦ host.name:node-1 ¦ host.name:node-* ¦ host.name:/22$/ ¦ http.route:/api/v1/pay ¦ http.route:*pay',
    'http.route:"/of/resource" ¦ http.route:* ¦ -http.route:* ¦ http.route!="/of/resource" ¦ http.status_code>=508 ¦ http.status_code:508',
    'http.status_code:508.0 ¦ replicas>2 ¦ cached:true ¦ version:1.10 ¦ version:1.1 ¦ version>1 ¦ missing:* ¦ missing!=1 ¦ trace_id:* ¦ trace_id:nonsense',
    '-pattern:* ¦ scope:tv.scope ¦ scope:* ¦ body="presets loaded in 12ms" ¦ body:/^$/ ¦ (failed OR presets) (service:epg OR severity:fatal)',
    '*登录* ¦ *录失* ¦ *败，用* ¦ *登录*失败* ¦ *录登* ¦ *by peer* ¦ *y pe* ¦ *ion.reset by pe* ¦ pay*by* ¦ *t by*p* ¦ *or by p* ¦ *rger über* ¦ *RGER* ¦ *71* ¦ *_id=4*',
    '/first.line/ ¦ /line.*second/ ¦ /^  at/ ¦ first*second ¦ -(failed OR service:drm) ¦ failed -登录 http.route:* ¦ -*by peer* ¦ -(*by peer* OR *录失*)',
  ].flatMap((some) => some.split(' ¦ ')),
  `trace_id:${hex(2, 32)}`,
  `trace_id!=${hex(2, 32)}`,
  `span_id:${hex(3, 16)}`,
  `pattern:${hex(3, 16)}`,
]

const regexOf = (source: string) => {
  const regex = new RegExp(source.replace('(?i)', ''), source.startsWith('(?i)') ? 'i' : '')
  return (value: string) => regex.test(value)
}

/** Sixteen hex digits that say nothing of their place. */
function idOfLine(at: number): string {
  return createHash('sha256').update(String(at)).digest('hex').slice(0, 16)
}

/** Lines are found, counted and followed. */
export function logLaws(suite: Suite): void {
  searchLaws(suite)
  countLaws(suite)
  logTailLaws(suite)
  logWordLaws(suite)
}

function searchLaws(suite: Suite): void {
  test('a search of lines means in the store what it means in memory', async () => {
    const tenant = suite.fresh('tenant')
    await insertLines(suite, tenant)
    const wrong: string[] = []
    for (const text of SEARCHES) {
      const search = searchOf(text)
      const holds = compileSearch(search, regexOf)
      const expected = LINES.filter(({ fields }) => holds((name) => fields[name])).map(idOf)
      const found = idsOf(await suite.store().logs.search({ tenant, ...WINDOW, search, order: 'asc', limit: 100 }))
      if (found.join() !== expected.join()) wrong.push(`${text}: ${found.length} instead of ${expected.length}`)
    }
    expect(wrong).toEqual([])
  })

  test('a condition on what sent a line holds among thousands that send', async () => {
    const tenant = suite.fresh('tenant')
    const clusters = Array.from({ length: 9000 }, (_, i) => ({ 'k8s.cluster.name': `c${i % 3}`, 'host.name': `node-${i}` }))
    await insertResources(suite, tenant, clusters)
    await insertRows(
      suite,
      'logs',
      tenant,
      LINES.map(({ row }, i) => ({ ...row, resource_fp: BigInt(i + 1) })),
    )
    for (const text of ['cluster:(c0 OR c1) -host.name:node-*1', 'cluster!=c2 host.name:/[^1]$/']) {
      const found = await suite.store().logs.search({ tenant, ...WINDOW, search: searchOf(text), order: 'asc', limit: 100 })
      expect(found.map(({ resource }) => Number.parseInt(resource, 16) - 1)).toEqual(LINES.map((_, i) => i).filter((i) => i % 3 !== 2 && i % 10 !== 1))
    }
    // more than an address of HTTP may have, in one question
    const many = searchOf(`${'host.name:node-* '.repeat(20)}cluster:c0`)
    const [first] = await suite.store().logs.search({ tenant, startMs: START_MS, endMs: START_MS + MINUTE_MS, search: many, order: 'asc', limit: 1 })
    expect(first?.resource).toBe(hex(1, 16))
  })

  test('a part of a word is found among thousands of lines, merged or not, and means nothing but itself', async () => {
    const tenant = suite.fresh('tenant')
    const odd = new Map([
      [100, 'the rarezebra came'],
      [8500, '50%_off at c:\\new'],
      [17_000, '50xyoff at c:new'],
    ])
    const lines = Array.from({ length: 18_000 }, (_, at) => ({
      bucket: START_MS,
      ts: BigInt(START_MS) * 1_000_000n,
      seq: at,
      service: 'epg',
      body: odd.get(at) ?? `cache miss ${at} id=${idOfLine(at)}`,
    }))
    await insertRows(suite, 'logs', tenant, lines.slice(0, 9000))
    await insertRows(suite, 'logs', tenant, lines.slice(9000))
    const found = async (value: string): Promise<string[]> => {
      const search = { field: 'body', op: 'like', value } as const
      return (await suite.store().logs.search({ tenant, ...WINDOW, search, order: 'asc', limit: 10 })).map(({ body }) => body)
    }
    for (const merge of [false, true]) {
      if (merge) await suite.run('OPTIMIZE TABLE logs FINAL')
      expect(await found('*AREZEBR*')).toEqual([odd.get(100)])
      expect(await found('*rarez*')).toEqual([odd.get(100)])
      expect(await found('*0%_o*')).toEqual([odd.get(8500)])
      expect(await found('*:\\new*')).toEqual([odd.get(8500)])
      expect(await found('*osuchw*')).toEqual([])
      expect(await found('*%*')).toEqual([odd.get(8500)])
      const id = idOfLine(12_345)
      for (const [from, to] of [
        [0, 16],
        [2, 9],
        [11, 16],
        [5, 9],
        [6, 9],
      ] as const) {
        const part = id.slice(from, to)
        expect(await found(`*${part.toUpperCase()}*`)).toEqual(
          lines
            .map(({ body }) => body)
            .filter((body) => body.includes(part))
            .slice(0, 10),
        )
      }
      expect(await found(`*s 12345 id=${id.slice(0, 4)}*`)).toEqual([lines[12_345]?.body])
    }
  })

  test('a line of a resource that nobody knows has none of its fields, however many others are known', async () => {
    const tenants = { few: suite.fresh('tenant'), none: suite.fresh('tenant') }
    const cluster = (name: string) => ({ 'k8s.cluster.name': name })
    await insertResources(suite, tenants.few, [cluster('c0'), cluster('c0'), cluster('c1')])
    for (const tenant of Object.values(tenants)) {
      await insertRows(
        suite,
        'logs',
        tenant,
        LINES.slice(0, 5).map(({ row }, i) => ({ ...row, resource_fp: BigInt(i + 1) })),
      )
    }
    const found = async (tenant: string, text: string): Promise<number[]> => {
      const rows = await suite.store().logs.search({ tenant, ...WINDOW, search: searchOf(text), order: 'asc', limit: 100 })
      return rows.map(({ resource }) => Number.parseInt(resource, 16))
    }
    const answers: Record<string, number[]> = {
      'cluster:*': [1, 2, 3],
      'cluster:c0': [1, 2],
      'cluster!=c0': [3, 4, 5],
      'cluster!=c1': [1, 2, 4, 5],
      '-cluster:*': [4, 5],
      'cluster:c*': [1, 2, 3],
      'k8s.cluster.name:*': [1, 2, 3],
      'k8s.cluster.name!=c0': [3, 4, 5],
    }
    for (const [text, resources] of Object.entries(answers)) {
      expect([text, await found(tenants.few, text)]).toEqual([text, resources])
      expect([text, await found(tenants.none, text)]).toEqual([text, text.startsWith('-') || text.includes('!=') ? [1, 2, 3, 4, 5] : []])
    }
  })

  test('a line is told as it was stored, and found by its id', async () => {
    const tenant = suite.fresh('tenant')
    await insertLines(suite, tenant)
    const line = LINES[0]!
    const row = await suite.store().logs.line(tenant, idOf(line))
    expect(row).toMatchObject({
      id: idOf(line),
      timeNs: `${line.timeMs}000000`,
      severity: 0,
      service: 'epg',
      resource: hex(1, 16),
      traceId: '',
      pattern: hex(3, 16),
      body: BODIES[0],
    })
    expect(Object.fromEntries(row?.attributes ?? [])).toEqual({
      'http.route': '/api/v1/pay',
      'http.status_code': 500,
      cached: true,
      version: '1.10',
      'odd key=': 'a\x1eb',
    })
    expect(await suite.store().logs.line(tenant, hex(1, 32))).toBeUndefined()
    expect(await suite.store().logs.line(suite.fresh('tenant'), idOf(line))).toBeUndefined()
  })

  test('pages in both orders have neither gaps nor repeats, also while older and newer lines come in and where times are the same', async () => {
    const tenant = suite.fresh('tenant')
    const same = (i: number, seq: number): HandRow => ({ ...LINES[i]?.row, seq: BigInt(seq) })
    await insertRows(suite, 'logs', tenant, [...LINES.map(({ row }) => row), ...[101, 102, 103].map((seq) => same(5, seq))])
    for (const order of ['desc', 'asc'] as const) {
      const all = idsOf(await suite.store().logs.search({ tenant, ...WINDOW, search: null, order, limit: 1000 }))
      const pages: string[] = []
      for (let after: string | undefined, i = 0; i < 40; i++) {
        const page = await suite.store().logs.search({ tenant, ...WINDOW, search: null, order, limit: 4, ...(after === undefined ? {} : { after }) })
        if (i === 1) await insertRows(suite, 'logs', tenant, [{ ...same(order === 'desc' ? 23 : 0, order === 'desc' ? 9 : 8), received: 1 }])
        pages.push(...idsOf(page))
        after = page.at(-1)?.id
        if (page.length < 4) break
      }
      expect(pages).toEqual(all)
    }
  })

  test('the lines around a line are of its file, or of its resource when it is of none', async () => {
    const tenant = suite.fresh('tenant')
    const file = (path: string) => ({ rest: encodeRest([encodeAttribute('log.file.path', path)]), items: [] })
    await insertRows(
      suite,
      'logs',
      tenant,
      LINES.map(({ row }, i) => ({ ...row, resource_fp: 1n, service: 'epg', ...file(i % 3 === 0 ? '/a.log' : '/b.log') })),
    )
    const line = (await suite.store().logs.line(tenant, idOf(LINES[9]!)))!
    const { before, after } = await suite.store().logs.around(tenant, line, { before: 2, after: 100 })
    expect(idsOf(before)).toEqual([LINES[3]!, LINES[6]!].map(idOf))
    expect(idsOf(after)).toEqual([12, 15, 18, 21].map((i) => idOf(LINES[i]!)))
    const without = { ...line, attributes: [] }
    expect((await suite.store().logs.around(tenant, without, { before: 3, after: 0 })).before).toHaveLength(3)
  })
}

function countLaws(suite: Suite): void {
  test('histogram and facets count the lines that the search finds, by rows and by minutes alike', async () => {
    const tenant = suite.fresh('tenant')
    await insertLines(suite, tenant)
    await insertRows(
      suite,
      'log_minutes',
      tenant,
      LINES.map(({ timeMs, fields, row }) => ({
        minute: timeMs,
        service: fields['service'] as string,
        environment: fields['environment'] as string,
        cluster: fields['cluster'] as string,
        severity: severityClass(Number(fields['severity'])),
        pattern: row['pattern'] as bigint,
        lines: 1,
      })),
    )
    const odd = { startMs: WINDOW.startMs + SECOND_MS, endMs: WINDOW.endMs - 4 * MINUTE_MS - 30 * SECOND_MS }
    for (const text of ['', 'service:epg', 'severity>=warn -cluster:sh-2', `pattern:${hex(3, 16)} OR environment:test`, 'severity:error2', 'failed']) {
      for (const window of [WINDOW, odd]) {
        const search = searchOf(text)
        const holds = compileSearch(search, regexOf)
        const inside = LINES.filter(({ timeMs, fields }) => timeMs >= window.startMs && timeMs < window.endMs && holds((name) => fields[name]))
        const steps = await suite.store().logs.histogram({ tenant, ...window, search }, 10 * MINUTE_MS)
        expect([text, steps.reduce((sum, { lines }) => sum + lines, 0)]).toEqual([text, inside.length])
        for (const { timeMs, severity, lines } of steps) {
          const there = inside.filter(
            (line) => Math.floor(line.timeMs / 600_000) * 600_000 === timeMs && severityClass(Number(line.fields['severity'])) === severity,
          )
          expect(lines).toBe(there.length)
        }
      }
    }
    expect(await suite.store().logs.count({ tenant, ...WINDOW })).toBe(LINES.length)
    const { facets, ...counted } = await suite.store().logs.facets({ tenant, ...WINDOW, search: null }, { fields: ['cluster', 'pattern'], values: 50, most: 1 })
    expect(counted).toEqual({ counted: LINES.length, total: LINES.length })
    expect(facets.map(({ values }) => values.length)).toEqual([2, 12])
    expect(facets[0]?.values).toEqual([
      { value: 'bj-1', lines: 12 },
      { value: 'sh-2', lines: 12 },
    ])
  })

  test('facets count values of lines and of their resources, and say when they counted a part', async () => {
    const tenant = suite.fresh('tenant')
    await insertLines(suite, tenant)
    const question = { tenant, ...WINDOW, search: searchOf('*') }
    const { counted, total, facets } = await suite
      .store()
      .logs.facets(question, { fields: ['service', 'severity', 'cluster', 'http.route'], values: 10, most: 1000 })
    const all = LINES.filter(({ fields }) => fields['body'] !== undefined)
    expect([counted, total]).toEqual([all.length, all.length])
    for (const { field, values } of facets) {
      const expected = new Map<string, number>()
      for (const { fields } of all) {
        const value = field === 'severity' ? severityClass(Number(fields[field])) : fields[field]
        if (value !== undefined) expected.set(String(value), (expected.get(String(value)) ?? 0) + 1)
      }
      expect(Object.fromEntries(values.map(({ value, lines }) => [value, lines]))).toEqual(Object.fromEntries(expected))
    }
    const part = await suite.store().logs.facets(question, { fields: ['service'], values: 10, most: 4 })
    expect(part.total).toBe(all.length)
    expect(part.counted).toBeLessThan(all.length)
  })

  test('fields are the attributes of what is found, and of what sent it', async () => {
    const tenant = suite.fresh('tenant')
    await insertLines(suite, tenant)
    const { lines, fields } = await suite.store().logs.fields({ tenant, ...WINDOW, search: searchOf('service:drm') }, 5)
    expect(lines).toBe(5)
    expect(fields).toContainEqual({ field: 'host.name', kind: 'resource', lines: 5 })
    expect(fields.some(({ field, kind }) => field === 'http.status_code' && kind === 'attribute')).toBe(false)
  })
}
