import { dropsAnswer, ruleDiffAnswer, rulesAnswer, rulesFile, ruleVersionsAnswer, ruleView } from '@skein/schemas/api/log-rules'
import type { FastifyInstance } from 'fastify'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createLogRules } from '@skein/metadata/log-rules'
import { memoryMetadata } from '../testing/fake-scenarios.ts'
import { DROPS_CACHE as definition, RULES_PATH as PATH, type RulesApp, rulesApp } from '../testing/rules-app.ts'
import { NOW_MS } from '../testing/test-app.ts'

let app: FastifyInstance
let send: RulesApp['send']
let created: RulesApp['created']
beforeEach(async () => {
  ;({ app, send, created } = await rulesApp())
})
afterEach(() => app.close())

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

test('a rule that cannot be read is listed beside those that can, also in the answer to an order, and removed without one', async () => {
  const metadata = memoryMetadata()
  const logRules = createLogRules({ metadata, clock: () => NOW_MS, randomBytes: (count) => new Uint8Array(count).fill(7) })
  const spoilt = await rulesApp({ logRules })
  const made = await spoilt.created()
  const tenant = (await metadata.list('log-order/'))[0]?.key.slice('log-order/'.length) ?? ''
  await metadata.transact([{ key: `log-rule/${tenant}/lost`, expect: null, value: { newer: true } }])
  await metadata.transact([{ key: `log-rule/${tenant}/No Id`, expect: null, value: {} }])
  const main = { id: 'main', name: 'Main', enabled: true, match: '', rules: [made.id] }
  const ordered = await spoilt.send('PUT', `${PATH}/order`, { version: 1, pipelines: [main] })
  for (const { body } of [ordered, await spoilt.send('GET', PATH)]) {
    const read = rulesAnswer.parse(body)
    expect(read.unreadable).toEqual(['lost'])
    expect(read.notes.flatMap(({ code, values }) => (code === 'unreadable_rule' ? [values?.['key']] : []))).toEqual([
      `log-rule/${tenant}/lost`,
      `log-rule/${tenant}/No Id`,
    ])
  }
  const removed = await spoilt.app.inject({ method: 'DELETE', url: `${PATH}/lost`, headers: { host: '127.0.0.1' } })
  expect([removed.statusCode, removed.body]).toEqual([204, ''])
  expect(rulesAnswer.parse((await spoilt.send('GET', PATH)).body).unreadable).toEqual([])
  await spoilt.app.close()
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
