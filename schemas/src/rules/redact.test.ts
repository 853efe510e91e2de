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
