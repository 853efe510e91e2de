import { debugAnswer, dropsAnswer, dryRunAnswer, ruleDiffAnswer, rulesAnswer, rulesFile, ruleVersionsAnswer, ruleView } from '@skein/schemas/api/log-rules'
import type { RuleDefinition } from '@skein/schemas/log-rule'
import type { LogRow } from '@skein/store/contract-logs'
import type { FastifyInstance } from 'fastify'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { buildApp } from '../app.ts'
import { NOW_MS, storeIn, testDeps } from '../testing/test-app.ts'

const PATH = '/api/logs/rules'
const definition: RuleDefinition = { name: 'noise', enabled: true, match: 'service:epg cache', actions: [{ type: 'drop' }] }

function rowOf(at: number, change: Partial<LogRow> = {}): LogRow {
  const timeNs = `${BigInt(NOW_MS - 60_000 + at) * 1_000_000n}`
  return {
    id: at.toString(16).padStart(32, '0'),
    timeNs,
    severity: 9,
    severityText: 'INFO',
    service: 'epg',
    scope: '',
    resource: '0'.repeat(16),
    traceId: '',
    spanId: '',
    pattern: '',
    body: `cache hit ${at}`,
    bodyKind: 0,
    attributes: [['n', at]],
    ...change,
  }
}
const ROWS = [rowOf(1), rowOf(2, { traceId: 'ab'.repeat(16) }), rowOf(3, { service: 'drm', body: 'licence' }), rowOf(4, { body: 'phone 13800138000' })]

let app: FastifyInstance
let total: number
beforeEach(async () => {
  total = ROWS.length
  const store = storeIn('empty')
  app = await buildApp(
    testDeps({
      store: {
        ...store,
        logs: { ...store.logs, count: async () => total, line: async (_tenant, id) => ROWS.find((row) => row.id === id) },
        logRules: {
          sample: async () => ROWS,
          drops: async ({ rule, reason }) =>
            [
              { rule: '010101010101', version: 1, reason: 'drop' as const, service: 'epg', lines: 5, bytes: 50 },
              { rule: 'gone', version: 2, reason: 'broken' as const, service: 'epg', lines: 2, bytes: 20 },
            ].filter((each) => (rule ?? each.rule) === each.rule && (reason ?? each.reason) === each.reason),
          dropSeries: async ({ endMs }) => [
            { timeMs: endMs - 60_000, reason: 'drop', lines: 5, bytes: 50 },
            { timeMs: endMs - 60_000, reason: 'broken', lines: 2, bytes: 20 },
          ],
          stored: async () => [{ service: 'epg', lines: 10, bytes: 100 }],
        },
      },
    }),
  )
})
afterEach(() => app.close())

async function send(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: object): Promise<{ status: number; body: unknown }> {
  const response = await app.inject({ method, url: path, headers: { host: '127.0.0.1' }, ...(body === undefined ? {} : { payload: body }) })
  return { status: response.statusCode, body: response.json<unknown>() }
}
async function created(change: Partial<RuleDefinition> = {}, place: object = {}) {
  const { status, body } = await send('POST', PATH, { definition: { ...definition, ...change }, ...place })
  expect(status).toBe(201)
  return ruleView.parse(body)
}

describe('rules', () => {
  test('are made, read, changed, put back and removed, each change a version', async () => {
    const made = await created()
    expect(made).toMatchObject({ version: 1, pipeline: 'main', effectiveFrom: new Date(NOW_MS + 2000).toISOString() })
    const changed = await send('PUT', `${PATH}/${made.id}`, {
      version: 1,
      definition: { ...definition, enabled: false, actions: [{ type: 'sample', by: 'line', percent: 5 }] },
    })
    expect(ruleView.parse(changed.body).version).toBe(2)
    expect(await send('PUT', `${PATH}/${made.id}`, { version: 1, definition })).toMatchObject({ status: 409 })
    const diff = await send('GET', `${PATH}/${made.id}/diff`)
    expect(ruleDiffAnswer.parse(diff.body)).toEqual({
      from: 1,
      to: 2,
      changes: [
        { path: 'enabled', before: true, after: false },
        { path: 'actions.0.type', before: 'drop', after: 'sample' },
        { path: 'actions.0.by', before: null, after: 'line' },
        { path: 'actions.0.percent', before: null, after: 5 },
      ],
    })
    const back = await send('POST', `${PATH}/${made.id}/rollback`, { to: 1, version: 2 })
    expect(ruleView.parse(back.body)).toMatchObject({ version: 3, definition })
    const versions = ruleVersionsAnswer.parse((await send('GET', `${PATH}/${made.id}/versions`)).body)
    expect(versions.versions.map(({ version }) => version)).toEqual([3, 2, 1])
    expect(await send('DELETE', `${PATH}/${made.id}`)).toMatchObject({ status: 200, body: { id: made.id } })
    expect(await send('GET', `${PATH}/${made.id}`)).toMatchObject({ status: 404, body: { code: 'log_rule_not_found' } })
  })

  test('stand in an order that is written whole', async () => {
    const [a, b] = [await created({ name: 'a' }), await created({ name: 'b' })]
    const first = await created({ name: 'c' }, { before: a.id })
    const read = rulesAnswer.parse((await send('GET', PATH)).body)
    expect(read.notes).toMatchObject([{ code: 'broken_rule', count: 2 }])
    expect(read.pipelines.map(({ rules }) => rules.map(({ id }) => id))).toEqual([[first.id, a.id, b.id]])
    const main = { id: 'main', name: 'Main', enabled: true, match: '', rules: [b.id, a.id, first.id] }
    const ordered = await send('PUT', `${PATH}/order`, { version: read.version, pipelines: [main] })
    expect(rulesAnswer.parse(ordered.body).pipelines[0]?.rules.map(({ id }) => id)).toEqual([b.id, a.id, first.id])
    expect(await send('PUT', `${PATH}/order`, { version: read.version, pipelines: [main] })).toMatchObject({ status: 409 })
    expect(await send('PUT', `${PATH}/order`, { version: read.version + 1, pipelines: [{ ...main, match: 'a:' }] })).toMatchObject({ status: 400 })
  })

  test('go to a file and come back from it', async () => {
    await created()
    const file = rulesFile.parse((await send('GET', `${PATH}/export`)).body)
    file.pipelines[0]!.rules.push({ id: 'mine', definition: { ...definition, name: 'mine' } })
    const back = await send('POST', `${PATH}/import`, { file })
    expect(rulesAnswer.parse(back.body).pipelines[0]?.rules.map(({ definition: { name } }) => name)).toEqual(['noise', 'mine'])
    file.pipelines[0]!.rules[1]!.definition.match = '/(/'
    expect(await send('POST', `${PATH}/import`, { file })).toMatchObject({
      status: 400,
      body: { errors: [{ parameter: 'file.pipelines.0.rules.1.definition.match' }] },
    })
  })

  test.each([
    [{ match: 'a (' }, 'definition.match', /column/],
    [{ actions: [{ type: 'remove', fields: ['pattern'] }] }, 'definition.actions.0.fields', /what it is like/],
    [{ match: '/(?=a)/' }, 'definition.match', /looks around/],
    [{ actions: [] }, 'definition.actions', /does something/],
    [{ actions: [{ type: 'drop' }, { type: 'sample', by: 'line' }] }, 'definition.actions.1.percent', /action 2 \(sample\), percent is missing/],
    [{ actions: [{ type: 'parse', format: 'grok', pattern: '%{X:y}' }] }, 'definition.actions.0.pattern', /no pattern X/],
    [{ actions: [{ type: 'metric', name: 'Orders', aggregation: 'count' }] }, 'definition.actions.0.name', /small letters/],
    [{ actions: [{ type: 'metric', name: 'orders_total', aggregation: 'count' }] }, 'definition.actions.0.name', /parts of metrics/],
    [{ actions: [{ type: 'metric', name: 'skein_x', aggregation: 'count' }] }, 'definition.actions.0.name', /Skein says of itself/],
    [{ actions: [{ type: 'metric', name: 'took', aggregation: 'sum' }] }, 'definition.actions.0.field', /where the numbers/],
    [{ actions: [{ type: 'metric', name: 'took', aggregation: 'count', by: ['a', 'b', 'c'] }] }, 'definition.actions.0.by', /more than 2/],
    [{ actions: [{ type: 'drop' }, { type: 'metric', name: 'took', aggregation: 'count' }] }, 'definition.actions.1.type', /drops every line/],
    [{ actions: [{ type: 'set', field: 'cluster', value: 'x' }] }, 'definition.actions.0.field', /where a line is from/],
    [{ actions: [{ type: 'nothing' }] }, 'definition.actions.0.type', /must be drop/],
  ])('what is wrong is said with its place: %o', async (change, parameter, message) => {
    const { status, body } = await send('POST', PATH, { definition: { ...definition, ...change } })
    expect(status).toBe(400)
    expect(body).toMatchObject({ code: 'invalid_body', errors: [{ parameter, message: expect.stringMatching(message) as string }] })
  })
})

describe('a place that there is not', () => {
  test.each([
    [{ pipeline: 'nowhere' }, 'pipeline', 'there is no pipeline nowhere: main'],
    [{ pipeline: 'nowhere', before: 'none' }, 'pipeline', 'there is no pipeline nowhere: main'],
    [{ before: 'none' }, 'before', 'there is no rule none'],
    [{ pipeline: 'main', before: 'none' }, 'before', 'there is no rule none in pipeline main'],
  ])('%o is named in the refusal', async (place, parameter, message) => {
    await created()
    expect(await send('POST', PATH, { definition, ...place })).toMatchObject({ status: 400, body: { code: 'invalid_body', errors: [{ parameter, message }] } })
  })

  test('an id that is none is named as it came', async () => {
    const { status, body } = await send('PUT', `${PATH}/no%20id`, { definition })
    expect([status, body]).toMatchObject([404, { code: 'log_rule_not_found', detail: 'There is no rule no id.' }])
  })
})

test('a metric is made by one rule: another is told who, and by which action', async () => {
  const counting = (name: string) => ({ ...definition, actions: [{ type: 'metric', name, aggregation: 'count' }] })
  const first = (await send('POST', PATH, { definition: counting('orders') })).body as { id: string }
  const again = await send('POST', PATH, { definition: counting('orders') })
  const errors = [{ parameter: 'definition.actions.0.name', message: expect.stringContaining(`is orders, which rule noise (${first.id}) makes`) as string }]
  expect(again).toMatchObject({ status: 409, body: { code: 'conflict', errors } })
  expect((await send('PUT', `${PATH}/${first.id}`, { definition: { ...counting('orders'), match: 'x' } })).status).toBe(200)
  const file = (await send('GET', `${PATH}/export`)).body as { pipelines: { rules: unknown[] }[] }
  const doubled = { ...file, pipelines: file.pipelines.map((each) => ({ ...each, rules: [...each.rules, { id: 'twin', definition: counting('orders') }] })) }
  expect(await send('POST', `${PATH}/import`, { file: doubled })).toMatchObject({
    status: 400,
    body: { errors: [{ parameter: 'file.pipelines.0.rules.1.definition.actions.0.name' }] },
  })
  expect((await send('POST', `${PATH}/import`, { file })).status).toBe(200)
})

test('a removed rule that could not be read has no answer', async () => {
  const deps = testDeps({})
  const bare = await buildApp({ ...deps, logRules: { ...deps.logRules, remove: async () => ({ ok: true, record: null }) } })
  const removed = await bare.inject({ method: 'DELETE', url: `${PATH}/x1`, headers: { host: '127.0.0.1' } })
  expect([removed.statusCode, removed.body]).toEqual([204, ''])
  await bare.close()
})

describe('a dry run', () => {
  test('tells what would be dropped, of which services, with samples and who would miss it', async () => {
    await created({ name: 'before', match: 'cache', actions: [{ type: 'edge' }, { type: 'metric', name: 'hits', aggregation: 'count' }] })
    const { id } = await created()
    await created({
      name: 'after',
      match: 'cache',
      actions: [{ type: 'edge' }, { type: 'event', kind: 'other', title: 'x' }, { type: 'metric', name: 'cached', aggregation: 'count' }],
    })
    const { body } = await send('POST', `${PATH}/dry-run`, { definition, id })
    const answer = dryRunAnswer.parse(body)
    expect(answer).toMatchObject({
      total: 4,
      lookedAt: 4,
      fraction: 1,
      matched: { lines: 2, bytes: 22 },
      dropped: { lines: 2, bytes: 22 },
      changed: { lines: 0 },
      failed: 0,
      notes: [],
    })
    expect(answer.services.map(({ service, dropped, total: all }) => [service, dropped.lines, all.lines])).toEqual([
      ['epg', 2, 3],
      ['drm', 0, 1],
    ])
    expect(answer.samples).toMatchObject([{ before: { body: 'cache hit 1' }, after: null, reason: 'drop' }, {}])
    expect(answer.losers.map(({ kind, name, lines }) => [kind, name, lines])).toEqual([
      ['rule', 'after', 2],
      ['metric', 'cached', 2],
      ['trace', '', 1],
    ])
  })

  test('says what metrics would count, with what is no number', async () => {
    const by = ['service']
    const counting = [
      { type: 'metric', name: 'lines', aggregation: 'count', by },
      { type: 'metric', name: 'sizes', aggregation: 'sum', field: 'body' },
      { type: 'metric', name: 'levels', aggregation: 'histogram', field: 'severity' },
    ]
    const answer = dryRunAnswer.parse((await send('POST', `${PATH}/dry-run`, { definition: { ...definition, match: '', actions: counting } })).body)
    const none = { missing: 0, noNumber: 0, least: null, most: null, combinations: 1 }
    expect(answer.metrics).toMatchObject([
      { ...none, name: 'lines', lines: 4, combinations: 2 },
      { ...none, name: 'sizes', lines: 4, noNumber: 4 },
      { name: 'levels', lines: 4, noNumber: 0, least: expect.any(Number) as number },
    ])
  })

  test('of a part multiplies up and says so', async () => {
    total = 40_000
    const answer = dryRunAnswer.parse((await send('POST', `${PATH}/dry-run`, { definition })).body)
    expect(answer).toMatchObject({ lookedAt: 4, fraction: 0.0001, dropped: { lines: 20_000 }, notes: [{ code: 'part_looked_at' }] })
  })

  test('of a rule that others which change lines come after says that it would get other lines', async () => {
    const { id } = await created()
    await created({ name: 'parsed', actions: [{ type: 'parse', format: 'json' }] })
    const notesFor = async (body: object) => dryRunAnswer.parse((await send('POST', `${PATH}/dry-run`, { definition, ...body })).body).notes
    expect(await notesFor({ id })).toMatchObject([{ code: 'changed_later', count: 1, message: expect.stringContaining('parsed') as string }, {}])
    expect(await notesFor({})).toEqual([])
  })

  test('of a rule there is says what it dropped already; of changes, how lines would look', async () => {
    const { id } = await created()
    const redacting = { ...definition, match: '', actions: [{ type: 'redact', presets: ['phone'], mode: 'replace', fields: ['body'] }] }
    const answer = dryRunAnswer.parse((await send('POST', `${PATH}/dry-run`, { definition: redacting, id })).body)
    expect(answer).toMatchObject({
      changed: { lines: 1 },
      samples: [{ after: { body: 'phone ***' }, reason: 'changed' }],
      notes: [{ code: 'already_dropped', count: 5 }],
    })
  })

  test('is of a day at most', async () => {
    expect(await send('POST', `${PATH}/dry-run`, { definition, start: 'now-2d' })).toMatchObject({ status: 400 })
  })
})

describe('the debugger', () => {
  test('lets rules share what a line may cost, as they do when it comes in', async () => {
    await created({ name: 'greedy', match: '/z{3}/' })
    const late = await created({ name: 'late', match: '/y{3}/' })
    await created({ name: 'plain', match: 'zebra', actions: [{ type: 'drop' }] })
    await created({ name: 'behind', match: '' })
    const answer = debugAnswer.parse((await send('POST', `${PATH}/debug`, { text: `${'ab'.repeat(100_000)} zebra` })).body)
    expect(answer.steps.map(({ name, outcome }) => [name, outcome])).toEqual([
      ['greedy', 'unmatched'],
      ['late', 'failed'],
      ['plain', 'kept'],
      ['plain', 'dropped'],
      ['behind', 'skipped'],
    ])
    expect(answer.steps.find(({ rule }) => rule === late.id)?.message).toContain('rule greedy took most of it')
    expect(answer.outcome).toBe('dropped')
  })

  test('sees a pasted line with the severity that it says, unless one is given', async () => {
    const severityOf = async (line: object): Promise<number> => debugAnswer.parse((await send('POST', `${PATH}/debug`, line)).body).before.severity
    expect(await severityOf({ text: '2026-11-25 WARN foo' })).toBe(13)
    expect(await severityOf({ text: '2026-11-25 WARN foo', severity: 9 })).toBe(9)
    expect(await severityOf({ text: 'no errors' })).toBe(0)
  })

  test('follows a pasted line through every step', async () => {
    await created({ match: '', actions: [{ type: 'parse', format: 'logfmt' }] })
    await created({ name: 'off', enabled: false, match: '' })
    await created({ name: 'drops', match: 'user:1', actions: [{ type: 'set', field: 'tag', value: 'x' }, { type: 'drop' }] })
    await created({ name: 'late', match: '' })
    const answer = debugAnswer.parse((await send('POST', `${PATH}/debug`, { text: 'user=1 level=error' })).body)
    expect(answer.outcome).toBe('dropped')
    expect(answer.after).toBeNull()
    expect(answer.steps.map(({ name, type, outcome }) => [name, type, outcome])).toEqual([
      ['noise', 'match', 'kept'],
      ['noise', 'parse', 'changed'],
      ['off', 'match', 'skipped'],
      ['drops', 'match', 'kept'],
      ['drops', 'set', 'changed'],
      ['drops', 'drop', 'dropped'],
      ['late', 'match', 'skipped'],
    ])
    expect(answer.steps[1]?.after).toMatchObject({ severity: 17, attributes: { user: 1 } })
  })

  test('tries a definition on a stored line, alone or in the place of a rule', async () => {
    const { id } = await created({ match: '' })
    const tried = { ...definition, name: 'tried', match: 'cache', actions: [{ type: 'set', field: 'tag', value: 'x' }] }
    const line = { id: ROWS[0]!.id, definition: tried }
    expect(debugAnswer.parse((await send('POST', `${PATH}/debug`, line)).body).outcome).toBe('dropped')
    const alone = debugAnswer.parse((await send('POST', `${PATH}/debug`, { ...line, alone: true })).body)
    expect(alone).toMatchObject({ outcome: 'kept', after: { attributes: { n: 1, tag: 'x' } } })
    expect(debugAnswer.parse((await send('POST', `${PATH}/debug`, { ...line, rule: id })).body).outcome).toBe('kept')
    expect(await send('POST', `${PATH}/debug`, { id: 'f'.repeat(32) })).toMatchObject({ status: 404, body: { code: 'log_line_not_found' } })
    expect(await send('POST', `${PATH}/debug`, {})).toMatchObject({ status: 400 })
  })
})

test('what was dropped is told by rule with its name, over time, and what broke is no drop', async () => {
  await created()
  const answer = dropsAnswer.parse((await send('GET', '/api/logs/drops')).body)
  expect(answer).toMatchObject({ total: { lines: 5, bytes: 50 }, stored: { lines: 10, bytes: 100 }, notes: [{ code: 'broken_rule', count: 2 }] })
  expect(answer.groups.map(({ rule, name }) => [rule, name])).toEqual([
    ['010101010101', 'noise'],
    ['gone', 'gone'],
  ])
  expect(answer.series.flatMap(({ reasons }) => reasons).map(({ reason }) => reason)).toEqual(['drop', 'broken'])
})
