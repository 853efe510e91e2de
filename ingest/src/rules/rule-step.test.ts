import type { RuleDefinition } from '@skein/schemas/log-rule'
import { createCounters } from '@skein/schemas/rules/counters'
import { rulesInForce } from '@skein/schemas/rules/in-force'
import { createSwitches, judge } from '@skein/schemas/rules/judge'
import type { RuleLine } from '@skein/schemas/rules/rule-line'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { LogFate, type LogBatch } from '../logs/log-batch.ts'
import { createPatternStep } from '../patterns/pattern-step.ts'
import { readNative } from '../topology/native-for-tests.ts'
import { resourceValues } from './attribute-values.ts'
import { definitions, line } from './arbitrary-for-tests.ts'
import { batchOfLines, type LineForTests, RECEIVED_MS, rulesOf, TIMES } from './batches-for-tests.ts'
import { lineOfRow } from './row-line.ts'
import type { RangeJob } from '../pipeline/range-job.ts'
import type { RuleStep } from '../logs/log-step.ts'
import { createRuleStep } from './rule-step.ts'

type Definition = Omit<RuleDefinition, 'name' | 'enabled'>
const EMIT = { emit: true }

function linesOf(batch: LogBatch): RuleLine[] {
  return Array.from({ length: batch.length }, (_, row) =>
    lineOfRow(batch, row, { resource: (name) => resourceValues(batch.resources[batch.resource[row]!]!).get(name), pattern: () => '' }),
  )
}
/** What can be compared of a line. */
const plain = ({ resource: _resource, pattern: _pattern, attributes, ...line }: RuleLine): unknown => ({
  ...line,
  attributes: [...attributes].toSorted(([a], [b]) => (a < b ? -1 : 1)),
})

function stepOf(definitions: readonly Definition[]): RuleStep {
  const step = createRuleStep(() => '', TIMES)
  step.learn([rulesOf(definitions)])
  return step
}

describe('rows', () => {
  test('are judged as lines are, however much is known of them beforehand', () => {
    fc.assert(
      fc.property(definitions, fc.array(line, { minLength: 1, maxLength: 12 }), (rules, given) => {
        const batch = batchOfLines(given)
        const [counters, switches] = [createCounters(), createSwitches()]
        const nobody = (): void => undefined
        const expected = linesOf(batch).map((each) => {
          const ready = rulesInForce(rulesOf(rules), RECEIVED_MS).rules
          const verdict = judge(ready, each, {
            times: TIMES,
            counters,
            switches,
            salt: '00112233445566778899aabbccddeeff',
            call: nobody,
            change: nobody,
            metric: nobody,
            broke: nobody,
          })
          each.body = each.body.replaceAll('\0', '\ufffd')
          return verdict.outcome === 'kept' ? plain(each) : verdict.outcome
        })
        stepOf(rules).apply(batch, EMIT)
        const fates = linesOf(batch).map((each, row) =>
          batch.fate[row] === LogFate.kept ? plain(each) : batch.fate[row] === LogFate.dead ? 'dead' : 'dropped',
        )
        expect(fates).toEqual(expected)
      }),
      { numRuns: 150 },
    )
  })

  test('give the same again in a replay that begins a minute before', () => {
    const timed = fc.tuple(line, fc.nat(40_000))
    fc.assert(
      fc.property(definitions, fc.array(timed, { minLength: 2, maxLength: 20 }), (rules, given) => {
        let receivedMs = RECEIVED_MS
        const lines = given.map(([each, afterMs], offset) => ({ ...each, offset, receivedMs: (receivedMs += afterMs) }))
        const cut = Math.floor(lines.length / 2)
        const through = stepOf(rules)
        const fatesOf = (step: RuleStep, part: readonly LineForTests[], emit: boolean): unknown => {
          const batch = batchOfLines(part)
          step.apply(batch, { emit })
          return [
            [...batch.fate.subarray(0, batch.length)],
            linesOf(batch).map(plain),
            emit ? step.take().map(({ table, block }) => [table, Buffer.from(block).toString('hex')]) : [],
          ]
        }
        fatesOf(through, lines.slice(0, cut), true)
        const seen = fatesOf(through, lines.slice(cut), true)
        const again = stepOf(rules)
        const fromMs = lines[cut]!.receivedMs - 60_000
        fatesOf(
          again,
          lines.slice(0, cut).filter((each) => each.receivedMs >= fromMs),
          false,
        )
        expect(again.take()).toEqual([])
        expect(fatesOf(again, lines.slice(cut), true)).toEqual(seen)
      }),
      { numRuns: 40 },
    )
  })

  test('are judged by what held when their envelope was received, each tenant for itself', () => {
    const step = createRuleStep(() => '', TIMES)
    step.learn([rulesOf([{ match: '', actions: [{ type: 'drop' }] }], RECEIVED_MS + 2000)])
    const batch = batchOfLines([
      { receivedMs: RECEIVED_MS },
      { receivedMs: RECEIVED_MS + 1999 },
      { receivedMs: RECEIVED_MS + 2000 },
      { receivedMs: RECEIVED_MS + 2000, tenant: 'u' },
    ])
    step.apply(batch, EMIT)
    expect([...batch.fate.subarray(0, 4)]).toEqual([LogFate.kept, LogFate.kept, LogFate.rule, LogFate.kept])
  })
})

test('a pattern that is known before its batch can be matched, by the body as it came', () => {
  const patterns = createPatternStep({ templatesPerService: 100, templatesPerPartition: 100 })
  const lines = [{ body: 'user 1 in' }, { body: 'other line of words' }]
  const first = batchOfLines(lines)
  patterns.apply(first, EMIT)
  const id = patterns.patternOf(first, 0)
  expect(id).toBe([first.pattern[1]!, first.pattern[0]!].map((half) => half.toString(16).padStart(8, '0')).join(''))
  const step = createRuleStep(patterns.patternOf, TIMES)
  step.learn([
    rulesOf([
      { match: 'user', actions: [{ type: 'redact', patterns: ['\\d+'], mode: 'replace' }] },
      { match: `pattern:${id}`, actions: [{ type: 'drop' }] },
    ]),
  ])
  const batch = batchOfLines([...lines, { body: 'a third kind' }])
  step.apply(batch, EMIT)
  expect([...batch.fate.subarray(0, 3)]).toEqual([LogFate.rule, LogFate.kept, LogFate.kept])
  expect(patterns.patternOf(batch, 2)).toBe('')
})

test('tenants count for themselves, also with rules of the same name, and so do partitions', () => {
  const step = createRuleStep(() => '', TIMES)
  const rules = rulesOf([{ match: '', actions: [{ type: 'rate_limit', lines: 1, per: 'minute' }] }])
  step.learn([rules, { ...rules, tenant: 'u' }])
  const batch = batchOfLines([{}, {}, { tenant: 'u' }, { partition: 1 }])
  step.apply(batch, EMIT)
  expect([...batch.fate.subarray(0, 4)]).toEqual([LogFate.kept, LogFate.rule, LogFate.kept, LogFate.kept])
})

describe('partitions of one worker', () => {
  const rules = [{ match: '', actions: [{ type: 'rate_limit' as const, lines: 3, per: 'minute' as const, key: ['service'] }] }]
  const given = [0, 0, 1, 1, 1].map((partition) => ({ partition }))
  const fatesOf = (step: RuleStep, lines: readonly LineForTests[], elsewhere: RangeJob['elsewhere']): boolean[] => {
    const batch = batchOfLines(lines)
    step.apply(batch, { emit: true, ...(elsewhere && { elsewhere }) })
    return [...batch.fate.subarray(0, batch.length)].map((fate) => fate === LogFate.kept)
  }

  test('count together, by key and tenant, up to what they have room to tell', () => {
    const step = stepOf(rules)
    expect(fatesOf(step, given, { roomBytes: 1000, told: null })).toEqual([true, true, true, false, false])
    expect(step.elsewhere()).toEqual([{ partition: 1, counts: expect.stringMatching(/^[0-9a-f]{16}2$/) }])
    expect(fatesOf(step, [{ partition: 0 }, { partition: 2 }, { partition: 2, service: 'epg' }], { roomBytes: 1000, told: null })).toEqual([false, false, true])
    expect(fatesOf(stepOf(rules), given, { roomBytes: 0, told: null })).toEqual([true, true, true, true, true])
  })

  test('judge a job again by what was told the first time', () => {
    const step = stepOf(rules)
    const seen = fatesOf(step, given, { roomBytes: 1000, told: null })
    const told = step.elsewhere()
    const again = stepOf(rules)
    fatesOf(again, [{ partition: 2 }, { partition: 2 }, { partition: 2 }], { roomBytes: 1000, told: null })
    expect(fatesOf(again, given, { roomBytes: 1000, told })).toEqual(seen)
    expect(again.elsewhere()).toEqual(told)
  })

  test('do not count what came to one that is another worker’s now', () => {
    const step = stepOf(rules)
    fatesOf(step, given, { roomBytes: 1000, told: null })
    step.forget('skein.logs', 0)
    step.forget('skein.logs', 1)
    expect(fatesOf(step, [{ partition: 2 }], { roomBytes: 1000, told: null })).toEqual([true])
  })
})

describe('what is told', () => {
  test('drops are summed up by minute, rule, version, reason and service, with the bytes of bodies', () => {
    const step = stepOf([
      { match: 'noise', actions: [{ type: 'drop' }] },
      { match: 'service:epg', actions: [{ type: 'sample', by: 'line', percent: 0 }] },
    ])
    step.apply(batchOfLines([{ body: 'noise' }, { body: 'noise 登录' }, { body: 'x', service: 'epg' }, { body: 'kept' }]), EMIT)
    const [block, ...others] = step.take()
    expect(others).toEqual([])
    const minute = Math.floor(RECEIVED_MS / 60_000) * 60
    expect(block?.days).toEqual([Math.floor(RECEIVED_MS / 86_400_000)])
    expect(readNative(block!.block)).toMatchObject({
      tenant: ['t', 't'],
      minute: [minute, minute],
      rule: ['r0', 'r1'],
      reason: ['drop', 'sample'],
      service: ['gateway', 'epg'],
    })
    expect(readNative(block!.block)['lines']).toEqual(['0000000000000002', '0000000000000001'])
    expect(readNative(block!.block)['bytes']).toEqual([(17).toString(16).padStart(16, '0'), (1).toString(16).padStart(16, '0')])
    expect(step.take()).toEqual([])
  })

  test('a drop counts the line as it came to its rule, whatever rules before it made of it and the rule itself did first', () => {
    const step = stepOf([
      {
        match: '',
        actions: [
          { type: 'parse', format: 'json' },
          { type: 'rename', from: 'msg', to: 'body' },
        ],
      },
      {
        match: 'noise',
        actions: [{ type: 'set', field: 'service', value: 'gone' }, { type: 'set', field: 'body', value: 'of no account at all' }, { type: 'drop' }],
      },
    ])
    step.apply(batchOfLines([{ body: JSON.stringify({ msg: 'noise 登录', padding: 'x'.repeat(100) }), service: 'epg' }]), EMIT)
    const drops = readNative(step.take()[0]!.block)
    expect(drops).toMatchObject({ service: ['epg'], reason: ['drop'] })
    expect(drops['bytes']).toEqual([Buffer.byteLength('noise 登录').toString(16).padStart(16, '0')])
  })

  test('access logs draw edges of evidence log, and never to what is no name', () => {
    const step = stepOf([{ match: '', actions: [{ type: 'parse', format: 'nginx_combined' }, { type: 'edge' }] }])
    const access = (status: number, upstream: string): LineForTests => ({
      service: 'edge-nginx',
      body: `203.0.113.9 - - [24/Nov/2025:16:00:00 +0000] "GET /epg HTTP/1.1" ${status} 5 "-" "-" rt=0.2 urt="0.1" ua="${upstream}" us="${status}"`,
    })
    step.apply(
      batchOfLines([
        access(200, '10.0.0.8:8080'),
        access(503, '10.0.0.8:8080'),
        access(200, 'epg.tv.svc.cluster.local:80'),
        access(200, 'unix:/run/x.sock'),
        access(200, '-'),
      ]),
      EMIT,
    )
    const edges = step.take().find(({ table }) => table === 'edges')
    expect(readNative(edges!.block)).toMatchObject({
      source_kind: ['service', 'service'],
      source_name: ['edge-nginx', 'edge-nginx'],
      source_environment: ['prod', 'prod'],
      target_kind: ['external', 'external'],
      target_name: ['10.0.0.8', 'epg'],
      kind: ['http', 'http'],
      calls: [2, 1],
      errors: [1, 0],
      log: [2, 1],
      paired: [0, 0],
    })
  })

  test('edges of access logs show traces: the slowest call and the newest that failed, of those that say theirs', () => {
    const step = stepOf([{ match: '', actions: [{ type: 'edge', upstream: 'to', duration: 'took', status: 'status' }] }])
    const calls = [1, 2, 3, 4, 5].map((took) => ({ trace: `0${took}`.repeat(16), attributes: { to: 'epg', took, status: took === 2 ? 502 : 200 } }))
    step.apply(batchOfLines([...calls, { attributes: { to: 'epg', took: 9 } }]), EMIT)
    const exemplars = readNative(step.take().find(({ table }) => table === 'exemplars')!.block)
    expect(exemplars['error']).toEqual([0, 1])
    expect(exemplars['duration']).toEqual([5, 2].map((seconds) => (seconds * 1e9).toString(16).padStart(16, '0')))
  })

  test('a flood of names in access logs is folded: every call counts, and edges are bounded', () => {
    const step = stepOf([{ match: '', actions: [{ type: 'edge', upstream: 'to', caller: 'from', duration: 'took' }] }])
    const calls = (count: number, from: (i: number) => string): LineForTests[] =>
      Array.from({ length: count }, (_, i) => ({ attributes: { to: `up-${i}`, from: from(i), took: 1 } }))
    step.apply(batchOfLines([...calls(6000, () => 'edge-nginx'), ...calls(12_000, (i) => `caller-${i}`), ...calls(10, () => 'edge-nginx')]), EMIT)
    const edges = readNative(step.take().find(({ table }) => table === 'edges')!.block)
    const callsOf = edges['calls'] as number[]
    expect(callsOf.length).toBe(10_001)
    expect(callsOf.reduce((sum, count) => sum + count, 0)).toBe(18_010)
    const folded = (edges['target_name'] as string[]).flatMap((name, row) =>
      name === 'other' ? [[(edges['source_name'] as string[])[row], callsOf[row]]] : [],
    )
    expect(folded[0]).toEqual(['edge-nginx', 1000])
    expect(folded.at(-1)).toEqual(['other', 12_000 - 4999])
  })

  test('a change becomes a marker, one for all who tell of it in a minute', () => {
    const step = stepOf([{ match: 'deployed', actions: [{ type: 'event', kind: 'deploy', title: 'deployed {app}', version: 'v' }] }])
    const told = { body: 'deployed', attributes: { app: 'epg', v: '4.2' } }
    step.apply(batchOfLines([told, told, { ...told, attributes: { app: 'drm', v: '1' } }]), EMIT)
    const [events] = step.take()
    expect(events?.table).toBe('events')
    const rows = readNative(events!.block)
    expect(rows).toMatchObject({
      title: ['deployed epg', 'deployed drm'],
      kind: ['deploy', 'deploy'],
      to_version: ['4.2', '1'],
      service: ['gateway', 'gateway'],
    })
    step.apply(batchOfLines([{ ...told, partition: 3, offset: 77 }]), EMIT)
    expect(readNative(step.take()[0]!.block)['id']).toEqual([rows['id']?.[0]])
  })
})
