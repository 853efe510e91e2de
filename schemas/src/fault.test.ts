import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { FAULTS, faultOf, faultOfIssue } from './fault.ts'
import { readRegex } from './rules/regex.ts'
import { readRule } from './rules/read-rule.ts'

const rule = { name: 'r', enabled: true, match: '', actions: [{ type: 'drop' }] }
const parse = (change: object): object => ({ ...rule, actions: [{ type: 'drop' }, { type: 'parse', format: 'grok', ...change }] })

describe('what is wrong with a rule', () => {
  test.each([
    [{ ...rule, name: ' ' }, 'name', 'empty', {}],
    [{ ...rule, name: 'x'.repeat(101) }, 'name', 'too_long', { most: 100 }],
    [{ ...rule, enabled: 'yes' }, 'enabled', 'not_boolean', {}],
    [{ ...rule, enabled: undefined }, 'enabled', 'missing', {}],
    [{ ...rule, more: 1, less: 2 }, '', 'no_such_names', { names: 'more, less' }],
    [{ ...rule, actions: {} }, 'actions', 'not_list', {}],
    [{ ...rule, actions: [] }, 'actions', 'does_nothing', {}],
    [{ ...rule, actions: Array.from({ length: 21 }, () => ({ type: 'drop' })) }, 'actions', 'too_many', { most: 20 }],
    [{ ...rule, actions: [{ type: 'fly' }] }, 'actions.0.type', 'not_action', {}],
    [{ ...rule, actions: [{ type: 'rate_limit', lines: 0, per: 'second' }] }, 'actions.0.lines', 'below', { least: 1 }],
    [{ ...rule, actions: [{ type: 'rate_limit', lines: 1.5, per: 'second' }] }, 'actions.0.lines', 'not_whole', {}],
    [{ ...rule, actions: [{ type: 'rate_limit', lines: 1, per: 'hour' }] }, 'actions.0.per', 'not_one_of', { values: 'second, minute' }],
    [{ ...rule, actions: [{ type: 'sample', by: 'line', percent: 101 }] }, 'actions.0.percent', 'above', { most: 100 }],
    [{ ...rule, actions: [{ type: 'set', field: 'a', value: [] }] }, 'actions.0.value', 'not_scalar', {}],
    [{ ...rule, actions: [{ type: 'set', field: 'severity', value: 'loud' }] }, 'actions.0.value', 'not_severity', { text: 'loud' }],
    [{ ...rule, actions: [{ type: 'remove', fields: ['cluster'] }] }, 'actions.0.fields', 'field_fixed', { name: 'cluster' }],
    [parse({}), 'actions.1.pattern', 'pattern_missing', {}],
    [parse({ pattern: '%{NOPE:x}' }), 'actions.1.pattern', 'grok_no_pattern', { name: 'NOPE' }],
    [7, '', 'not_object', {}],
  ])('%j: has a code, values, and a place', (value, path, code, values) => {
    expect(readRule(value)).toMatchObject({ ok: false, errors: [{ path, code, values }] })
  })

  test('stands in a text at a column, in code, values and sentence', () => {
    const read = readRule({ ...rule, match: 'service:(a b)', actions: [{ type: 'redact', mode: 'hash', patterns: ['ok', 'a(?=b)'] }] })
    expect(read).toEqual({
      ok: false,
      errors: [
        {
          path: 'match',
          code: 'or_expected',
          values: { field: 'service', text: 'b' },
          column: 12,
          message: 'match, column 12: OR is expected between the values of service, not b',
        },
        {
          path: 'actions.0.patterns.1',
          code: 'regex_looks_around',
          values: { example: '-/…/' },
          column: 2,
          message: `action 1 (redact), patterns.1 column 2: ${faultOf('regex_looks_around', { example: '-/…/' }).message}`,
        },
      ],
    })
  })
})

test.each([
  ['a[b', 'regex_bracket'],
  ['(a', 'regex_parenthesis'],
  ['a)', 'regex_closed_too_often'],
  ['\\8x', 'regex_refers_back'],
  ['\\y', 'regex_escape'],
  ['a\\', 'regex_escape'],
  ['[z-a]', 'regex_range'],
  ['*a', 'regex_nothing_repeated'],
  ['a{2000}', 'regex_repeat_count'],
  ['(?P<x-y>a)', 'regex_group_name'],
  ['(?P<a>x)(?P<a>y)', 'regex_group_name'],
  ['(?!a)', 'regex_looks_around'],
  ['x'.repeat(1025), 'regex_too_long'],
  ['((a{99}){99}){9}', 'regex_repeat_count'],
  ['(ab?c?d?e?f?){500}', 'regex_repeats'],
])('an expression that is refused says why by a code: %s', (source, code) => {
  expect(readRegex(source)).toMatchObject({ ok: false, code })
})

test('every sentence is told with all its values', () => {
  for (const [code, sentence] of Object.entries(FAULTS)) {
    const names = [...sentence.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '')
    const told = faultOf(code as keyof typeof FAULTS, Object.fromEntries(names.map((name) => [name, `<${name}>`])))
    expect(told.message.match(/<\w+>/g) ?? []).toEqual(names.map((name) => `<${name}>`))
    expect(told.message).not.toContain('{')
  }
})

test('a schema names a code where its kind of issue says too little', () => {
  const read = z.string().regex(/^a$/, 'not_rule_id').safeParse('b', { reportInput: true })
  expect(read.error?.issues.map((issue) => faultOfIssue(issue).code)).toEqual(['not_rule_id'])
})
