import { describe, expect, test } from 'vitest'
import type { RuleAction } from '../log-rule.ts'
import { judged, judgingOf, ruleOf } from './judging-for-tests.ts'
import { lineOf } from './line-for-tests.ts'

describe('what lines tell of', () => {
  const user: RuleAction = { type: 'event', kind: 'other', title: 'login of {user}' }
  const counted: RuleAction = { type: 'metric', name: 'logins', aggregation: 'count', by: ['user'] }
  const called: RuleAction = { type: 'edge', upstream: 'user' }

  test('is of the line as it was at the action, whatever rules after it made of it', () => {
    const judging = judgingOf()
    const line = lineOf({ attributes: { user: 'a@tv.example' } })
    judged([ruleOf('', [user, counted, { type: 'drop' }])], line, judging)
    expect(judging.changes.map(({ title }) => title)).toEqual(['login of a@tv.example'])
    expect(judging.metrics.map(({ by }) => by)).toEqual([['a@tv.example']])
  })

  test('is told of nobody whose redaction failed, wherever that stands', () => {
    const judging = judgingOf()
    const line = lineOf({ body: 'abd'.repeat(80_000), attributes: { user: 'a@tv.example' } })
    const failing: RuleAction = { type: 'redact', patterns: ['(?:(?:ab){40}c?){20}'], mode: 'replace' }
    expect(judged([ruleOf('', [user, counted, called], { id: 'first' }), ruleOf('', [user, failing])], line, judging).outcome).toBe('dead')
    expect([judging.changes, judging.metrics, judging.calls]).toEqual([[], [], []])
  })

  test('is not told by a rule that broke', () => {
    const judging = judgingOf()
    const line = lineOf({ body: `a=1 ${'ab'.repeat(100_000)}`, attributes: { user: 'a' } })
    const slow: RuleAction = { type: 'parse', format: 'regex', pattern: '(?P<x>(?:ab)+)[z]' }
    judged([ruleOf('', [counted], { id: 'sound' }), ruleOf('', [user, called, slow], { id: 'broken' })], line, judging)
    expect(judging.brokeIds).toEqual(['broken'])
    expect([judging.changes.length, judging.calls.length, judging.metrics.length]).toEqual([0, 0, 1])
  })

  test('an access log is a call, with the answer of who was called', () => {
    const judging = judgingOf()
    const line = lineOf({
      service: 'edge-nginx',
      body: '10.1.2.3 - - [24/Nov/2025:16:00:00 +0000] "GET /api/epg?x=1 HTTP/1.1" 502 17 "-" "curl/8" rt=0.120 urt="0.050, 0.061" ua="10.0.0.7:8080, 10.0.0.8:8080" us="502, 502"',
    })
    judged([ruleOf('', [{ type: 'parse', format: 'nginx_combined' }, { type: 'edge' }])], line, judging)
    expect(judging.calls).toEqual([{ caller: 'edge-nginx', upstream: '10.0.0.8:8080', durationNs: 61_000_000, error: true, operation: '' }])
    expect(line.severity).toBe(9)
  })

  test('a proxy that answered by itself called nobody', () => {
    const judging = judgingOf()
    judged([ruleOf('', [{ type: 'edge' }])], lineOf({ attributes: { 'upstream.address': '-' } }), judging)
    expect(judging.calls).toEqual([])
  })

  test('a change takes its words from the line', () => {
    const judging = judgingOf()
    judged(
      [ruleOf('', [{ type: 'event', kind: 'deploy', title: 'rolled out {app} {none}', version: 'v' }])],
      lineOf({ attributes: { app: 'epg', v: '4.2' } }),
      judging,
    )
    expect(judging.changes).toEqual([{ kind: 'deploy', title: 'rolled out epg', version: '4.2' }])
  })
})
