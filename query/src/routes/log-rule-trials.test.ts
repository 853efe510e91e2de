import { debugAnswer, dryRunAnswer } from '@skein/schemas/api/log-rules'
import { configSchema } from '@skein/schemas/config'
import type { FastifyInstance } from 'fastify'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DROPS_CACHE as definition, ROWS, RULES_PATH as PATH, type RulesApp, rulesApp } from '../testing/rules-app.ts'

let app: FastifyInstance
let stored: RulesApp['stored']
let send: RulesApp['send']
let created: RulesApp['created']
beforeEach(async () => {
  ;({ app, stored, send, created } = await rulesApp())
})
afterEach(() => app.close())

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
      // the lines of the hour are of its last minute
      droppedBytesADay: 22 * 24 * 60,
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
    stored.lines = 40_000
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

  test('of a redaction names those before it that take values of lines elsewhere, also in itself', async () => {
    await created({ name: 'marks', actions: [{ type: 'event', kind: 'other', title: '{user}' }] })
    const redact = { type: 'redact', presets: ['phone'], mode: 'replace' }
    const notesOf = async (actions: object[], place: object = {}) => {
      const asked = { definition: { ...definition, name: 'masks', actions }, ...place }
      return dryRunAnswer.parse((await send('POST', `${PATH}/dry-run`, asked)).body).notes
    }
    expect(await notesOf([redact])).toMatchObject([{ code: 'told_before', values: { rules: 'marks' } }])
    expect(await notesOf([{ type: 'edge' }, redact])).toMatchObject([{ code: 'told_before', values: { rules: 'marks, masks' } }])
    expect(await notesOf([{ type: 'drop' }])).toEqual([])
  })

  test('of what is kept by number says that workers count for themselves, where there are several', async () => {
    const codesOf = async (ask: RulesApp['send'], action: object) => {
      const asked = { definition: { ...definition, actions: [action] } }
      return dryRunAnswer.parse((await ask('POST', `${PATH}/dry-run`, asked)).body).notes.map(({ code }) => code)
    }
    const limit = { type: 'rate_limit', lines: 1, per: 'minute' }
    expect(await codesOf(send, limit)).toEqual(['counted_rule'])
    for (const config of [{ ingest: { workers: 2 } }, { kafka: { brokers: ['kafka:9092'] } }]) {
      const several = await rulesApp({ config: configSchema.parse(config) })
      expect(await codesOf(several.send, limit)).toEqual(['counted_rule', 'counted_apart'])
      expect(await codesOf(several.send, { type: 'sample', by: 'pattern', first: 1, oneIn: 0 })).toEqual(['counted_rule', 'counted_apart'])
      expect(await codesOf(several.send, { type: 'sample', by: 'line', percent: 50 })).toEqual(['counted_rule'])
      await several.app.close()
    }
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

test('a trial believes times as intake is set to', async () => {
  const config = configSchema.parse({ limits: { intake: { pastDays: 4000 } } })
  const other = await rulesApp({ config })
  const old = {
    text: '2019-01-01T00:00:00Z x',
    definition: { ...definition, match: '', actions: [{ type: 'parse', format: 'regex', pattern: '(?P<time>\\S+) x' }] },
  }
  expect(debugAnswer.parse((await send('POST', `${PATH}/debug`, old)).body).after?.time).not.toContain('2019')
  expect(debugAnswer.parse((await other.send('POST', `${PATH}/debug`, old)).body).after?.time).toBe('2019-01-01T00:00:00.000Z')
  await other.app.close()
})
