import { logContextAnswer, logFacetsAnswer, logFieldsAnswer, logHistogramAnswer, type LogLine, logsAnswer, logValuesAnswer } from '@skein/schemas/api/logs'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildApp } from '../app.ts'
import { answerOf, problemIn } from '../testing/answers.ts'
import { storeIn, testDeps } from '../testing/test-app.ts'

describe('log lines', () => {
  let app: FastifyInstance
  const get = (path: string) => app.inject({ url: `/api/logs${path}`, headers: { host: 'localhost' } })
  const found = async (query: string) => answerOf(logsAnswer, await get(`?${query}`))
  const asked = (q: string): string => `start=now-1h&q=${encodeURIComponent(q)}`
  beforeAll(async () => {
    app = await buildApp(testDeps())
  })
  afterAll(() => app.close())

  it('are found newest first, each with what sent it', async () => {
    const { lines, resources, notes } = await found(asked('severity>=warn "connection reset"'))
    expect(lines.length).toBeGreaterThan(0)
    expect(notes).toEqual([])
    for (const line of lines) {
      expect(line.body).toContain('connection reset')
      expect(line.severityClass).toBe('error')
      expect(resources).toHaveProperty(line.resource)
    }
    expect(lines.map(({ id }) => id)).toEqual(lines.map(({ id }) => id).toSorted((a, b) => (a < b ? 1 : -1)))
  })

  it('are found by Chinese words and by the shorthands', async () => {
    const [line] = (await found(asked('登录成功'))).lines
    expect(line?.body).toContain('登录成功')
    const of = await found(`start=now-1h&service=${line?.service}&q=${encodeURIComponent('登录')}`)
    expect(of.lines.every(({ service }) => service === line?.service)).toBe(true)
    const traced = (await found('start=now-1h')).lines.find(({ traceId }) => traceId !== null)
    expect((await found(`start=now-1h&traceId=${traced?.traceId?.toUpperCase()}`)).lines).toEqual([traced])
  })

  it.each(['desc', 'asc'])('come in pages without gaps or repeats (%s)', async (order) => {
    const all = (await found(`start=now-10m&limit=1000&order=${order}`)).lines.map(({ id }) => id)
    const pages: string[] = []
    for (let cursor = ''; pages.length < 1000; ) {
      const page = await found(`start=now-10m&limit=77&order=${order}${cursor === '' ? '' : `&cursor=${cursor}`}`)
      pages.push(...page.lines.map(({ id }) => id))
      if (page.cursor === null) break
      cursor = page.cursor
    }
    expect(pages).toEqual(all)
  })

  it.each([
    ['severity>=loud', 11, 'no severity'],
    ['service:epg "open', 13, 'never closed'],
    ['a /x(?=y)/', 5, 'looks around'],
    ['/(a/', 2, 'expression'],
  ])('%s is refused at column %i', async (q, column, message) => {
    for (const path of ['', '/histogram', '/facets', '/fields', '/export', '/tail']) {
      const problem = problemIn(await get(`${path}?${path === '/tail' ? '' : 'start=now-1h&'}q=${encodeURIComponent(q)}`), 400, 'invalid_parameter')
      expect(problem.errors).toMatchObject([{ parameter: 'q', column }])
      expect(problem.detail).toContain(message)
    }
  })

  it('are counted over time, and in the very window', async () => {
    const { lines } = await found('start=now-10m&limit=1000')
    const histogram = answerOf(logHistogramAnswer, await get('/histogram?start=now-10m'))
    expect(histogram.total).toBe(lines.length)
    expect(histogram.stepSeconds).toBe(10)
    const sums = Object.values(histogram.lines).map((counts) => counts.reduce((sum, count) => sum + count, 0))
    expect(sums.reduce((sum, count) => sum + count, 0)).toBe(lines.length)
    for (const counts of Object.values(histogram.lines)) expect(counts).toHaveLength(histogram.timesMs.length)
    const short = await found('start=1795349490000&end=1795349520000')
    expect(short.window).toEqual({ start: '2026-11-22T12:11:30.000Z', end: '2026-11-22T12:12:00.000Z' })
    for (const { timeUnixNano } of short.lines) expect(Math.abs(Number(timeUnixNano) / 1e6 - 1_795_349_505_000)).toBeLessThanOrEqual(15_000)
  })

  it('have facets, fields and values to go on with', async () => {
    const facets = answerOf(logFacetsAnswer, await get('/facets?start=now-1h&fields=service,severity,thread.id'))
    expect(facets.facets.map(({ field }) => field)).toEqual(['service', 'severity', 'thread.id'])
    for (const { values } of facets.facets) expect(values.reduce((sum, { lines }) => sum + lines, 0)).toBe(facets.total)
    const fields = answerOf(logFieldsAnswer, await get('/fields?start=now-1h&prefix=S'))
    expect(fields.fields.map(({ field }) => field)).toEqual(['severity', 'service', 'scope', 'span_id'])
    const values = answerOf(logValuesAnswer, await get('/values?start=now-1h&field=service&prefix=ep'))
    expect(values.values.map(({ value }) => value)).toEqual(['epg'])
    expect(problemIn(await get('/facets?fields=,'), 400, 'invalid_parameter').detail).toContain('names no field')
  })

  it('show what stood around them', async () => {
    const line = (await found('start=now-1h')).lines[150]
    const context = answerOf(logContextAnswer, await get(`/${line?.id}/context?before=3&after=2`))
    expect(context.line).toEqual(line)
    expect([context.before.length, context.after.length, context.file]).toEqual([3, 2, `/var/log/${line?.service}.log`])
    problemIn(await get(`/${'0'.repeat(32)}/context`), 404, 'log_line_not_found')
  })

  it('are taken away as a file that says when it was cut', async () => {
    const file = await get(`/export?${asked('severity>=warn')}&limit=5`)
    expect(file.headers['content-type']).toBe('application/x-ndjson; charset=utf-8')
    expect(file.headers['content-disposition']).toMatch(/^attachment; filename="skein-logs-.*\.ndjson"$/)
    const written = file.body
      .trimEnd()
      .split('\n')
      .map((text) => JSON.parse(text) as LogLine & { resource: object })
    expect(written).toHaveLength(6)
    expect(written[0]?.resource).toBeTypeOf('object')
    expect(written[5]).toEqual({ truncated: true, limit: 5 })
    const csv = (await get(`/export?${asked('登录')}&format=csv&limit=100000`)).body.split('\r\n')
    expect(csv[0]).toMatch(/^time,severity,service,/)
    expect(csv.at(-1)).toBe('')
    expect(csv.some((row) => row.startsWith('#'))).toBe(false)
  })

  it('say why there are none', async () => {
    expect((await found(asked('nobody-says-this'))).notes).toMatchObject([{ code: 'no_match' }])
    const empty = await buildApp(testDeps({ store: storeIn('empty') }))
    expect(answerOf(logsAnswer, await empty.inject({ url: '/api/logs', headers: { host: 'localhost' } })).notes).toMatchObject([{ code: 'no_logs' }])
    const away = await buildApp(testDeps({ store: storeIn('away') }))
    for (const path of ['', '/histogram', '/export', '/tail']) {
      problemIn(await away.inject({ url: `/api/logs${path}`, headers: { host: 'localhost' } }), 503, 'store_unavailable')
    }
    await Promise.all([empty.close(), away.close()])
  })
})
