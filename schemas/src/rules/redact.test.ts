import { describe, expect, test } from 'vitest'
import type { RuleAction } from '../log-rule.ts'
import { judged, ruleOf } from './judging-for-tests.ts'
import { lineOf } from './line-for-tests.ts'
import { copyLine, OWN_FIELDS } from './rule-line.ts'

describe('redaction', () => {
  test('replaces, removes, or hashes with the salt of the tenant', () => {
    const redact = (mode: 'replace' | 'hash' | 'remove'): string => {
      const line = lineOf({ body: 'card 4111 for 4111, not 5' })
      judged([ruleOf('', [{ type: 'redact', patterns: ['\\d{4}'], mode }])], line)
      return line.body
    }
    expect(redact('replace')).toBe('card *** for ***, not 5')
    expect(redact('remove')).toBe('card  for , not 5')
    expect(redact('hash')).toMatch(/^card ([0-9a-f]{16}) for \1, not 5$/)
  })

  test('knows what presets describe, in every field', () => {
    const line = lineOf({ body: 'call +86 138 0013 8000 or a@b.example from 203.0.113.9', attributes: { mail: 'me@tv.example', n: 13800138000 } })
    judged([ruleOf('', [{ type: 'redact', presets: ['phone', 'email', 'ip'], mode: 'replace', with: '?' }])], line)
    expect([line.body, [...line.attributes.values()]]).toEqual(['call ? or ? from ?', ['?', '?']])
  })

  test('leaves JSON that can still be read, and never a trace of what it found', () => {
    const redact = (body: string): string => {
      const line = lineOf({ body })
      judged([ruleOf('', [{ type: 'redact', presets: ['phone', 'bank_card'], mode: 'replace' }])], line)
      return line.body
    }
    expect(redact('{"phone":13800138000,"n":[6222020000000000000001,4111111111111111],"t":"+8613800138000"}')).toBe(
      '{"phone":"***","n":[6222020000000000000001,"***"],"t":"***"}',
    )
    expect(redact('{"t":"of, 13800138000, and","p":13800138000}')).not.toContain('138')
    expect(redact('{"cut":13800138000')).toBe('{"cut":***')
  })

  test('reaches into attributes, numbers, lists and objects, and only where it is told', () => {
    const line = lineOf({ body: '4111', attributes: { n: 4111, keep: 'x' } })
    line.attributes.set('deep', { a: ['4111', { b: 'x 4111' }] })
    judged([ruleOf('', [{ type: 'redact', patterns: ['\\d{4}'], mode: 'replace', with: '#', fields: ['n', 'deep'] }])], line)
    expect([line.body, line.attributes.get('n'), line.attributes.get('deep')]).toEqual(['4111', '#', { a: ['#', { b: 'x #' }] }])
  })
})

describe('attributes called like fields of a line', () => {
  const redact = (mode: 'replace' | 'hash' | 'remove', fields?: string[]): RuleAction => ({
    type: 'redact',
    patterns: ['1[0-9]{10}'],
    mode,
    ...(fields === undefined ? {} : { fields }),
  })

  test.for((['replace', 'hash', 'remove'] as const).flatMap((mode) => OWN_FIELDS.map((name) => ({ mode, name }))))(
    '$name is redacted ($mode), and the field of the line stays',
    ({ mode, name }) => {
      const line = lineOf({ attributes: { [name]: 'call 13800138000' } })
      const before = copyLine(line)
      expect(judged([ruleOf('', [redact(mode)])], line)).toEqual({ outcome: 'kept', changed: true })
      expect(line.attributes.get(name)).toMatch(/^call (\*{3}|[0-9a-f]{16}|)$/)
      expect({ ...line, attributes: null }).toEqual({ ...before, attributes: null })
    },
  )

  test('a name that is told stands for the field and the attribute', () => {
    const line = lineOf({ body: 'b 13800138000', service: 's 13800138000', attributes: { body: 13800138000, service: '13800138000' } })
    judged([ruleOf('', [redact('replace', ['body', 'service', 'body'])])], line)
    expect([line.body, line.service, ...line.attributes.values()]).toEqual(['b ***', 's ***', '***', '***'])
  })
})

describe('what stands in a name', () => {
  const redact = (mode: 'replace' | 'hash' | 'remove'): RuleAction => ({ type: 'redact', presets: ['email'], mode })

  test('is redacted as what stands in a value, and values stay apart', () => {
    const line = lineOf({ body: '{"seen":{"a@tv.example":1,"b@tv.example":2},"***":3}', attributes: { 'd@tv.example': 'x' } })
    line.attributes.set('deep', { 'e@tv.example': [{ 'f@tv.example': 1 }], 'g@tv.example': 2 })
    judged([ruleOf('', [{ type: 'parse', format: 'json' }, redact('replace')])], line)
    expect([...line.attributes]).toEqual([
      ['*** 2', 'x'],
      ['deep', { '***': [{ '***': 1 }], '*** 2': 2 }],
      ['*** 3', 1],
      ['*** 4', 2],
      ['***', 3],
    ])
  })

  test.for(['hash', 'remove'] as const)('leaves no trace, and no empty name (%s)', (mode) => {
    const line = lineOf({ attributes: { 'a@tv.example': 1, 'b@tv.example': 2 } })
    judged([ruleOf('', [redact(mode)])], line)
    expect(JSON.stringify([...line.attributes])).not.toContain('@')
    expect([...line.attributes.values()]).toEqual([1, 2])
    expect([...line.attributes.keys()].every((name) => name !== '')).toBe(true)
  })
})

describe('fields of a line that are named', () => {
  test('an id with what was found is no id any more, a severity loses its word, and a service its name', () => {
    const line = lineOf({ severityText: 'call 13800138000', service: '13800138000', traceId: `${'0'.repeat(21)}13800138000`, spanId: '4111111111111111' })
    const fields = ['severity', 'service', 'trace_id', 'span_id']
    judged([ruleOf('', [{ type: 'redact', patterns: ['1380013800\\d', '4{1}1{15}'], mode: 'remove', fields }])], line)
    expect([line.severityText, line.severity, line.service, line.traceId, line.spanId]).toEqual(['call ', 9, 'unknown_service', '', ''])
  })

  test('what renaming and parsing put into them is found there', () => {
    const line = lineOf({ body: 'span=4111111111111111', attributes: { card: '4111111111111111' } })
    judged(
      [
        ruleOf('', [
          { type: 'parse', format: 'logfmt', spanId: 'span' },
          { type: 'rename', from: 'card', to: 'service' },
          { type: 'redact', presets: ['bank_card'], mode: 'replace', fields: ['span_id', 'service', 'body'] },
        ]),
      ],
      line,
    )
    expect(JSON.stringify({ ...line, timeNs: 0, attributes: [...line.attributes] })).not.toContain('4111')
  })

  test('a body of JSON that is none any more is a text', () => {
    const bodyOf = (body: string): [string, string] => {
      const line = lineOf({ body, bodyKind: 'json' })
      judged([ruleOf('', [{ type: 'redact', presets: ['phone'], mode: 'replace' }])], line)
      return [line.body, line.bodyKind]
    }
    expect(bodyOf('13800138000')).toEqual(['***', 'text'])
    expect(bodyOf('["13800138000"]')).toEqual(['["***"]', 'json'])
    expect(bodyOf('"13800138000"')).toEqual(['"***"', 'json'])
  })
})
