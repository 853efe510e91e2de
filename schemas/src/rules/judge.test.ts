import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { RuleAction } from '../log-rule.ts'
import { judged, judgingOf, ruleOf, tag } from './judging-for-tests.ts'
import { lineOf } from './line-for-tests.ts'
import { copyLine } from './rule-line.ts'

describe('order', () => {
  test('rules apply one after the other, each to what those before it left', () => {
    const line = lineOf({ body: 'a' })
    judged([ruleOf('a', [tag('1')]), ruleOf('tag:1', [tag('2')]), ruleOf('tag:1', [tag('3')])], line)
    expect(line.attributes.get('tag')).toBe('2')
  })

  test('after a drop nothing more happens', () => {
    const judging = judgingOf()
    expect(judged([ruleOf('', [{ type: 'drop' }, { type: 'event', kind: 'other', title: 'x' }])], lineOf(), judging)).toMatchObject({
      outcome: 'dropped',
      reason: 'drop',
    })
    expect(judging.changes).toEqual([])
  })

  test('a pipeline wants what it says and what its rule says', () => {
    const rule = ruleOf('hello', [{ type: 'drop' }], { pipelineMatch: 'service:epg' })
    expect(judged([rule], lineOf()).outcome).toBe('kept')
    expect(judged([rule], lineOf({ service: 'epg' })).outcome).toBe('dropped')
  })

  test('the same line and rules give the same verdict, in whatever process', () => {
    const actions: fc.Arbitrary<RuleAction> = fc.constantFrom<RuleAction>(
      { type: 'sample', by: 'line', percent: 40 },
      { type: 'sample', by: 'trace', percent: 40 },
      { type: 'sample', by: 'pattern', first: 2, oneIn: 3 },
      { type: 'rate_limit', lines: 3, per: 'second', key: ['service'] },
      { type: 'set', field: 'body', value: 'x y' },
      { type: 'parse', format: 'logfmt' },
      { type: 'redact', patterns: ['\\d+'], mode: 'hash' },
    )
    const lines = fc.array(
      fc.record({
        body: fc.constantFrom('a 1', 'a 2', 'b=1 c=2', 'x'),
        service: fc.constantFrom('s', 't'),
        traceId: fc.constantFrom('', '1'.repeat(32)),
        logTimeMs: fc.constantFrom(1000, 1500, 2000, 61_000),
      }),
      { maxLength: 30 },
    )
    fc.assert(
      fc.property(fc.array(actions, { minLength: 1, maxLength: 4 }), lines, (list, given) => {
        const rules = list.map((action, at) => ruleOf('', [action], { id: `r${at}` }))
        const run = (): unknown[] => {
          const judging = judgingOf()
          return given.map((each) => {
            const line = lineOf(each)
            const verdict = judged(rules, line, judging)
            return [verdict.outcome, line.body, [...line.attributes]]
          })
        }
        expect(run()).toEqual(run())
      }),
      { numRuns: 60 },
    )
  })
})

describe('sampling', () => {
  test('keeps about the share asked for, and every line of a trace alike', () => {
    const rule = ruleOf('', [{ type: 'sample', by: 'line', percent: 25 }])
    const kept = Array.from({ length: 4000 }, (_, at) => judged([rule], lineOf({ body: `line ${at}` }))).filter(({ outcome }) => outcome === 'kept')
    expect(kept.length).toBeGreaterThan(900)
    expect(kept.length).toBeLessThan(1100)
    const byTrace = ruleOf('', [{ type: 'sample', by: 'trace', percent: 50 }])
    for (let at = 0; at < 50; at++) {
      const traceId = at.toString(16).padStart(32, 'a')
      const outcomes = new Set(['a', 'b', 'c'].map((body) => judged([byTrace], lineOf({ body, traceId })).outcome))
      expect(outcomes.size).toBe(1)
    }
  })

  test('a trace that was sampled keeps all its lines', () => {
    const rule = ruleOf('', [{ type: 'sample', by: 'trace', percent: 0 }])
    expect(judged([rule], lineOf({ traceId: 'a'.repeat(32), sampled: true })).outcome).toBe('kept')
    expect(judged([rule], lineOf({ traceId: 'a'.repeat(32) })).outcome).toBe('dropped')
  })

  test('of each pattern the first stay, then one in so many, anew every minute', () => {
    const rule = ruleOf('', [{ type: 'sample', by: 'pattern', first: 2, oneIn: 3 }])
    const judging = judgingOf()
    const outcomes = (minute: number, count: number): string =>
      Array.from({ length: count }, (_, at) =>
        judged([rule], lineOf({ body: `took ${at * 7}ms`, logTimeMs: minute * 60_000 }), judging).outcome === 'kept' ? 'k' : '.',
      ).join('')
    expect(outcomes(1, 9)).toBe('kk..k..k.')
    expect(outcomes(2, 3)).toBe('kk.')
    expect(judged([rule], lineOf({ body: 'other', logTimeMs: 120_000 }), judging).outcome).toBe('kept')
  })

  test('a limit counts each key for itself', () => {
    const rule = ruleOf('', [{ type: 'rate_limit', lines: 2, per: 'second', key: ['user'] }])
    const judging = judgingOf()
    const seen = ['a', 'a', 'b', 'a', 'b'].map((user) => judged([rule], lineOf({ attributes: { user } }), judging).outcome)
    expect(seen).toEqual(['kept', 'kept', 'kept', 'dropped', 'kept'])
  })
})

describe('what breaks', () => {
  const heavy = `/(${'a|b|'.repeat(100)}c)*d/`

  test('a rule that takes too long is off until the next minute, the line is kept, and other rules go on', () => {
    const judging = judgingOf()
    const rules = [ruleOf(heavy, [{ type: 'drop' }], { id: 'slow' }), ruleOf('', [tag('x')], { id: 'next' })]
    const line = lineOf({ body: `${'ab'.repeat(200_000)}d`, logTimeMs: 60_000 })
    expect(judged(rules, line, judging).outcome).toBe('kept')
    expect(line.attributes.get('tag')).toBe('x')
    judged(rules, lineOf({ body: 'd', logTimeMs: 119_999 }), judging)
    expect(judging.brokeIds).toEqual(['slow', 'slow'])
    expect(judged(rules, lineOf({ body: 'd', logTimeMs: 120_000 }), judging).outcome).toBe('dropped')
  })

  test('an expression costs nothing where the rest of the match, of the rule or its pipeline, does not want the line', () => {
    const body = 'ab'.repeat(100_000)
    const late = ruleOf('/yy(y|z)/', [tag('late')], { id: 'late' })
    const notMeant = [
      ruleOf('/a+b+/ service:epg', [tag('1')]),
      ruleOf('service:epg OR (/(ab)+/ -body:*)', [tag('2')]),
      ruleOf('/[ab]+q/', [tag('3')]),
      ruleOf('/a+b+/', [tag('4')], { pipelineMatch: 'severity>=error' }),
      ruleOf('severity>=error', [tag('5')], { pipelineMatch: '/a+b+/' }),
    ]
    const judging = judgingOf()
    judged([...notMeant, ...notMeant, late], lineOf({ body: `${body} yyz` }), judging)
    expect(judging.brokeIds).toEqual([])
    const line = lineOf({ body: `${body} yyz` })
    judged([...notMeant, late], line, judging)
    expect(line.attributes.get('tag')).toBe('late')
  })

  test('what is off counts the lines that it may want, and no others', () => {
    const judging = judgingOf()
    const rule = ruleOf(`${heavy} service:gateway`, [{ type: 'drop' }], { id: 'slow' })
    judged([rule], lineOf({ body: `${'ab'.repeat(200_000)}d` }), judging)
    judged([rule], lineOf({ body: 'd', service: 'epg' }), judging)
    judged([rule], lineOf({ body: 'd' }), judging)
    expect(judging.brokeIds).toEqual(['slow', 'slow'])
  })

  test('whoever took most of the time is off, not who came after', () => {
    const judging = judgingOf()
    const body = 'ab'.repeat(100_000)
    const rules = [ruleOf('/z{3}/', [tag('1')], { id: 'greedy' }), ruleOf('/y{3}/', [tag('2')], { id: 'late' })]
    judged(rules, lineOf({ body }), judging)
    judged(rules, lineOf({ body: 'yyy' }), judging)
    expect(judging.brokeIds).toEqual(['greedy', 'greedy'])
  })

  test('a redaction that cannot be done leaves the line to nobody', () => {
    const rule = ruleOf('', [{ type: 'redact', patterns: ['(?:(?:ab){40}c?){20}'], mode: 'replace' }])
    expect(judged([rule], lineOf({ body: 'abd'.repeat(80_000) })).outcome).toBe('dead')
  })

  test('a rule that breaks leaves the line as it was', () => {
    const line = lineOf({ body: `a=1 ${'ab'.repeat(100_000)}` })
    const before = copyLine(line)
    judged(
      [
        ruleOf(
          '',
          [
            { type: 'parse', format: 'logfmt' },
            { type: 'parse', format: 'regex', pattern: '(?P<x>(?:ab)+)[z]' },
          ],
          {},
        ),
      ],
      line,
    )
    expect(line.attributes.size).toBe(0)
    expect(line.body).toBe(before.body)
  })
})

describe('fields', () => {
  test('set, rename and remove reach the fields of the line and its attributes', () => {
    const line = lineOf({ attributes: { app: 'epg', level: 'warn', secret: 'x' } })
    judged(
      [
        ruleOf('', [
          { type: 'rename', from: 'app', to: 'service' },
          { type: 'rename', from: 'level', to: 'severity' },
          { type: 'remove', fields: ['secret', 'none'] },
          { type: 'set', field: 'n', value: 7 },
        ]),
      ],
      line,
    )
    expect([line.service, line.severity, line.severityText, [...line.attributes]]).toEqual(['epg', 13, 'warn', [['n', 7]]])
  })

  test('what a field cannot be stays where it was', () => {
    const line = lineOf({ attributes: { level: 'loud', id: 'xyz' } })
    judged(
      [
        ruleOf('', [
          { type: 'rename', from: 'level', to: 'severity' },
          { type: 'rename', from: 'id', to: 'trace_id' },
        ]),
      ],
      line,
    )
    expect([line.severity, line.traceId, [...line.attributes.keys()]]).toEqual([9, '', ['level', 'id']])
  })

  test('removing a name takes the field and the attribute that is called so; renaming moves one of them', () => {
    const line = lineOf({ body: 'b', service: 's', attributes: { body: 'ab', service: 'as', trace_id: 'A'.repeat(32) } })
    judged(
      [
        ruleOf('', [
          { type: 'remove', fields: ['body'] },
          { type: 'rename', from: 'service', to: 'app' },
          { type: 'rename', from: 'trace_id', to: 'trace_id' },
        ]),
      ],
      line,
    )
    expect([line.body, line.service, line.traceId]).toEqual(['', 'unknown_service', 'a'.repeat(32)])
    expect([...line.attributes]).toEqual([
      ['service', 'as'],
      ['app', 's'],
    ])
  })

  test('names of the language are names like others', () => {
    const line = lineOf({ body: '{"__proto__":{"admin":true},"constructor":1,"a":{"b":2}}' })
    judged(
      [
        ruleOf('', [
          { type: 'parse', format: 'json' },
          { type: 'set', field: '__proto__', value: 'x' },
        ]),
      ],
      line,
    )
    expect([...line.attributes]).toEqual([
      ['__proto__.admin', true],
      ['constructor', 1],
      ['a.b', 2],
      ['__proto__', 'x'],
    ])
    expect(({} as Record<string, unknown>)['admin']).toBeUndefined()
  })

  test('a path into a body of JSON is a field, and no path leaves it', () => {
    const line = lineOf({ body: '{"user":{"id":7},"list":["a"]}' })
    for (const match of ['body.user.id:7', 'body.list.0:a', '-body.constructor:*', '-body.user.__proto__:*', '-body.list.length:*'])
      expect(judged([ruleOf(match, [{ type: 'drop' }])], copyLine(line)).outcome).toBe(match === '-body.list.length:*' ? 'kept' : 'dropped')
  })
})
