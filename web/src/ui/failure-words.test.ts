import { readRule } from '@skein/schemas/rules/read-rule'
import { createTranslator } from 'use-intl/core'
import { expect, test } from 'vitest'
import { ApiError, type ApiFailure } from '../api/client.ts'
import { en } from '../i18n/en.ts'
import { zh } from '../i18n/zh.ts'
import { errorWords, failureWords, faultWordsAt } from './failure-words.ts'

const english = createTranslator({ locale: 'en', messages: en })
const chinese = createTranslator({ locale: 'zh', messages: zh as typeof en })
const failure: ApiFailure = { code: 'invalid_body', status: 400, detail: 'as the server says it', hint: null, parts: [] }

test('faults of a rule are told in the reader’s language, with the place: number of the action, field and column', () => {
  const read = readRule({
    name: 'r',
    enabled: true,
    match: 'a (b',
    actions: [{ type: 'drop' }, { type: 'parse', format: 'regex', pattern: '(?P<a>x)\\1' }, { type: 'redact', mode: 'hash' }],
  })
  const shape = readRule({ name: '', enabled: 1, match: '', actions: [{ type: 'rate_limit', lines: 0, per: 'hour' }] })
  const faults = [read, shape].flatMap((each) => (each.ok ? [] : each.errors))
  expect(faults.map((fault) => faultWordsAt(english, fault))).toEqual([
    'match, column 3: this bracket is never closed',
    'action 2, pattern, column 9: the expression refers back to a group, which no engine can do in bounded time',
    'action 3, presets: needs presets or patterns: nothing says what to redact',
    'name: is empty',
    'enabled: must be true or false',
    'action 1, lines: is below 1',
    'action 1, per: must be one of second, minute',
  ])
  expect(faults.map((fault) => faultWordsAt(chinese, fault))).toEqual([
    'match，第 3 列：此括号没有闭合',
    '动作 2，pattern，第 9 列：表达式使用了反向引用，任何引擎都无法在有限时间内完成',
    '动作 3，presets：需要预设或模式：未说明要脱敏什么',
    'name：为空',
    'enabled：必须是 true 或 false',
    '动作 1，lines：小于 1',
    '动作 1，per：必须是以下之一：second, minute',
  ])
})

test('a refused request is told by its parts, each with its place in a file of rules', () => {
  const parts: ApiFailure['parts'] = [
    { parameter: 'file.pipelines.0.rules.1.definition.actions.2.pattern', message: '', code: 'regex_escape', values: { part: '\\y' }, column: 3 },
    { parameter: 'definition.match', message: '', code: 'bracket_not_closed', values: {}, column: 5 },
    { parameter: 'version', message: '', code: 'changed_between', values: {} },
  ]
  expect(failureWords(chinese, { ...failure, parts })).toBe(
    '流水线 1，规则 2，动作 3，pattern，第 3 列：表达式含有无意义的转义：\\y；match，第 5 列：此括号没有闭合；其他人已在此期间更改',
  )
})

test('what has no words of its own is told in those of the server', () => {
  const unknown: ApiFailure = { ...failure, parts: [{ parameter: 'start', message: 'is no time' }] }
  expect(failureWords(chinese, unknown)).toBeNull()
  expect(errorWords(chinese, new ApiError(unknown))).toBe('as the server says it')
  expect(errorWords(chinese, new ApiError({ ...failure, code: 'timeout', status: 0 }))).toBe(zh.state.timeout)
  expect(errorWords(chinese, new SyntaxError('no JSON'))).toBe('no JSON')
})
