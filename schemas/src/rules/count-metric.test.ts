import { expect, test } from 'vitest'
import type { RuleAction } from '../log-rule.ts'
import { numberIn } from './count-metric.ts'
import { judged, judgingOf, ruleOf } from './judging-for-tests.ts'
import { lineOf } from './line-for-tests.ts'
import { metricRefusal } from './metric-names.ts'

const counting = (name: string, over: object = {}): RuleAction => ({ type: 'metric', name, aggregation: 'count', ...over }) as RuleAction

test('a value is a number in decimals, or told to be none, and never silently 0', () => {
  const numbers = ['12', ' -1.5 ', '+.5', '1e3', '3.', 7, -0.25, '1e12', 1e12, '0']
  expect(numbers.map(numberIn)).toEqual([12, -1.5, 0.5, 1000, 3, 7, -0.25, 1e12, 1e12, 0])
  const none = ['12ms', 'x', '0x10', '1,5', 'NaN', 'Infinity', '1e13', 2e12, Number.NaN, Number.POSITIVE_INFINITY, true, false, '-', '1'.repeat(80), ' ']
  expect(none.map(numberIn)).toEqual(none.map(() => 'no_number'))
  expect([undefined, ''].map(numberIn)).toEqual(['missing', 'missing'])
})

test('lines are counted at the place of the action: before what comes after takes or changes them', () => {
  const judging = judgingOf()
  const count = counting('took', { aggregation: 'sum', field: 'took', by: ['route', 'gone'] })
  const rules = [
    ruleOf('', [count, { type: 'set', field: 'took', value: 9 }, { type: 'metric', name: 'after', aggregation: 'sum', field: 'took' }]),
    ruleOf('', [{ type: 'drop' }, counting('never')], { id: 'r2' }),
  ]
  expect(judged(rules, lineOf({ attributes: { took: '2.5', route: '/a\0' } }), judging).outcome).toBe('dropped')
  expect(judging.metrics.map(({ metric, value, by }) => [metric.name, value, by])).toEqual([
    ['took', 2.5, ['/a\ufffd', '']],
    ['after', 9, []],
  ])
  expect(judging.steps.find(({ type }) => type === 'metric')?.message).toBe('2.5 for took')
})

test('a name is one rule’s, whether it is on or off, and there are 100', () => {
  const rule = (name: string, over = {}) => ({ name: 'n', enabled: false, match: '', actions: [counting(name)], ...over })
  expect(metricRefusal(rule('orders'), [{ id: 'r9', definition: rule('orders') }])).toMatchObject({
    action: 0,
    message: expect.stringContaining('r9') as string,
  })
  expect(metricRefusal(rule('orders'), [{ id: 'r9', definition: rule('other') }])).toBeNull()
  const many = Array.from({ length: 100 }, (_, at) => ({ id: `r${at}`, definition: rule(`m_${at}`) }))
  expect(metricRefusal(rule('orders'), many)?.message).toMatch(/more than 100/)
  expect(metricRefusal(rule('orders'), many.slice(1))).toBeNull()
  expect(metricRefusal(rule('orders', { actions: [{ type: 'drop' }] }), many)).toBeNull()
})
