import { crc32 } from 'node:zlib'
import { Content, encodeEnvelope, type EnvelopeHeader, Signal, Source } from '@skein/schemas/envelope'
import { describe, expect, test } from 'vitest'
import { DECODER_OPTIONS, RECEIVED_AT_MS } from '../decode/oracle-for-tests.ts'
import { LogFate } from '../logs/log-batch.ts'
import { setBody } from '../logs/log-changes.ts'
import type { RuleStep } from '../logs/log-step.ts'
import { encodeLogs, logsOf } from '../logs/logs-for-tests.ts'
import { createPatternStep } from '../patterns/pattern-step.ts'
import { rulesOf } from '../rules/batches-for-tests.ts'
import { createRuleStep } from '../rules/rule-step.ts'
import { readNative } from '../topology/native-for-tests.ts'
import { buildWorkers } from './built-workers-for-tests.ts'
import { createLogProcessor } from './log-processor.ts'
import { createJob, type JobRecord, type RangeProcessor, type RangeResult } from './range-job.ts'
import { createLocalWorkers, createThreadWorkers } from './range-workers.ts'

const TOPIC = 'skein.logs'
const SETTINGS = {
  processor: { limits: DECODER_OPTIONS.limits, batchIdBytes: 1 << 20, internedBytes: 1 << 20 },
  patterns: { templatesPerService: 100, templatesPerPartition: 1000 },
}

/** Drops lines of `drop`, finds nothing to be stored of `fail`, and takes the word `secret` out of all. */
function createFakeRules(): RuleStep {
  return {
    apply(batch) {
      for (let row = 0; row < batch.length; row++) {
        if (batch.fate[row] !== LogFate.kept) continue
        const text = batch.bytes.toString('utf8', batch.bodyStart[row], batch.bodyEnd[row])
        if (text.includes('drop')) batch.fate[row] = LogFate.rule
        else if (text.includes('fail')) batch.fate[row] = LogFate.dead
        else if (text.includes('secret')) setBody(batch, row, text.replaceAll('secret', '***'))
      }
    },
    take: () => [],
    elsewhere: () => [],
    forget: () => undefined,
    learn: () => undefined,
  }
}

/** Keeps the first line it sees. */
function createFirstOnly(): RuleStep {
  let seen = 0
  return { ...createFakeRules(), apply: ({ fate, length }) => void fate.fill(LogFate.rule, seen++ === 0 ? 1 : 0, length) }
}

const tables = ({ blocks }: Pick<RangeResult, 'blocks'>): Record<string, string> =>
  Object.fromEntries(blocks.map(({ table, block }) => [table, Buffer.from(block).toString('hex')]))

/** Classes of severities of the lines of a range. */
function classes({ blocks }: RangeResult): string[] {
  const columns = readNative(blocks.find(({ table }) => table === 'log_minutes')!.block)
  const lines = columns['lines'] as string[]
  return (columns['severity'] as string[]).flatMap((name, row) => Array.from({ length: Number.parseInt(lines[row]!, 16) }, () => name)).sort()
}

function column({ blocks }: RangeResult, table: string, name: string): string[] {
  return readNative(blocks.find((each) => each.table === table)!.block)[name] as string[]
}

const processor = (): RangeProcessor =>
  createLogProcessor({ ...SETTINGS.processor, createRules: createFakeRules, patterns: createPatternStep(SETTINGS.patterns) })

function record(
  seed: number,
  more: Partial<EnvelopeHeader> & { lines?: readonly string[]; uids?: readonly string[]; partition?: number; payload?: Uint8Array } = {},
): JobRecord {
  const { lines = [`line ${seed}`], uids = [], partition = 0, ...header } = more
  const logs = lines.map((stringValue, i) => ({
    body: { stringValue },
    attributes: uids[i] === undefined ? [] : [{ key: 'log.record.uid', value: { stringValue: uids[i] } }],
  }))
  const { payload = encodeLogs(logsOf('shop', logs)), ...rest } = header as typeof header & { payload?: Uint8Array }
  const base = {
    signal: Signal.logs,
    content: Content.otlp,
    source: Source.grpc,
    receivedAtMs: RECEIVED_AT_MS,
    requestId: Buffer.alloc(16, seed),
    part: 0,
    parts: 1,
  }
  const value = encodeEnvelope({ ...base, records: lines.length, limitsVersion: 1, tenant: 'acme', keyId: 'key', ...rest }, [payload], crc32)
  return { partition, offset: seed, value }
}

const process = (one: RangeProcessor, records: readonly JobRecord[], emit = true): RangeResult =>
  one.process(createJob(TOPIC, emit, records, (bytes) => new ArrayBuffer(bytes)))

function sums({ shares }: RangeResult): Record<string, number> {
  const sum = (field: 'records' | 'visible' | 'repeats' | 'dead'): number => shares.reduce((total, share) => total + share[field], 0)
  return { records: sum('records'), visible: sum('visible'), repeats: sum('repeats'), dead: sum('dead') }
}

const rowsOf = ({ blocks }: Pick<RangeResult, 'blocks'>, table: string): number =>
  blocks.filter((block) => block.table === table).reduce((sum, { rows }) => sum + rows, 0)
const FILE = '00000000000000aa'

describe('records of a range of logs', () => {
  test('a damaged envelope, a payload that is no OTLP and spans are dead letters, and their neighbours live', () => {
    const damaged = record(2)
    damaged.value[20] = (damaged.value[20] ?? 0) ^ 1
    const result = process(processor(), [record(1), damaged, record(3, { payload: Buffer.from('not protobuf') }), record(4, { signal: Signal.traces })])
    expect(sums(result)).toEqual({ records: 4, visible: 1, repeats: 0, dead: 3 })
    expect(result.dead.map(({ offset, reason }) => `${offset} ${reason}`).sort()).toEqual(['2 envelope', '3 payload', '4 signal'])
  })

  test('a heartbeat lets log time pass and is no record', () => {
    const result = process(processor(), [record(1, { content: Content.heartbeat, payload: new Uint8Array(0), records: 0, receivedAtMs: RECEIVED_AT_MS + 5 })])
    expect([sums(result), result.logTimes]).toEqual([{ records: 0, visible: 0, repeats: 0, dead: 0 }, [{ partition: 0, logTimeMs: RECEIVED_AT_MS + 5 }]])
  })

  test('lines that came before are repeats, counted; the files of a range stand in its row', () => {
    const one = processor()
    const first = process(one, [record(1, { lines: ['a', 'b'], uids: [`${FILE}:0`, `${FILE}:10`] })])
    expect(first.shares.map(({ logFiles }) => [logFiles?.files, logFiles?.offsets])).toEqual([[BigUint64Array.of(0xaan), BigUint64Array.of(10n)]])
    const again = process(one, [record(2, { lines: ['b', 'c'], uids: [`${FILE}:10`, `${FILE}:20`] })])
    expect(sums(again)).toEqual({ records: 2, visible: 1, repeats: 1, dead: 0 })
    expect(again.drops).toMatchObject([{ kind: 'repeat', reason: 'repeat_record', records: 1 }])
    expect([rowsOf(again, 'logs'), rowsOf(again, 'log_minutes')]).toEqual([1, 1])
  })

  test('reading again for memory gives nothing out, and what comes behind is as if nothing had happened', () => {
    const [a, b] = [processor(), processor()]
    const before = [record(1, { lines: ['x 1', 'x 2'], uids: [`${FILE}:0`, 'other'] })]
    process(a, before)
    expect(process(b, before, false)).toMatchObject({ blocks: [], shares: [], drops: [] })
    const next = [record(2, { lines: ['x 2', 'x 3', 'x 4'], uids: ['other', `${FILE}:0`, `${FILE}:9`] })]
    const [ofA, ofB] = [process(a, next), process(b, next)]
    expect(sums(ofA)).toEqual({ records: 3, visible: 1, repeats: 2, dead: 0 })
    const hex = ({ blocks }: RangeResult): string[] => blocks.filter(({ table }) => table === 'logs').map(({ block }) => Buffer.from(block).toString('hex'))
    expect([ofB.shares, hex(ofB)]).toEqual([ofA.shares, hex(ofA)])
  })

  test('what a successor is told of files is as good as having read them', () => {
    const one = processor()
    one.remember(TOPIC, 0, { batchIds: [], logFiles: [{ tenant: 'acme', files: [FILE], offsets: [10] }] }, RECEIVED_AT_MS)
    expect(sums(process(one, [record(1, { lines: ['a', 'b'], uids: [`${FILE}:10`, `${FILE}:11`] })]))['repeats']).toBe(1)
    one.forget(TOPIC, 0)
    expect(sums(process(one, [record(2, { lines: ['a'], uids: [`${FILE}:10`] })]))['visible']).toBe(1)
  })

  test('what a rule drops is neither seen nor dead; what it may not let through is dead, and a pattern never sees what was redacted', () => {
    const one = processor()
    const result = process(one, [record(1, { lines: ['drop me', 'fail here', 'token secret', 'plain'] })])
    expect(sums(result)).toEqual({ records: 4, visible: 2, repeats: 0, dead: 1 })
    expect(result.drops).toMatchObject([{ kind: 'dead', reason: 'rule_failed', records: 1 }])
    expect(result.dead).toMatchObject([{ reason: 'rule' }])
    const all = Buffer.concat(result.blocks.map(({ block }) => Buffer.from(block))).toString('latin1')
    expect([all.includes('secret'), all.includes('token ***'), rowsOf(result, 'logs')]).toEqual([false, true, 2])
  })

  test('rows made again are judged again: nothing that is redacted comes back', () => {
    const one = processor()
    const records = [record(1, { lines: ['drop me', 'token secret', 'plain'] })]
    process(one, records)
    const blocks = one.rebuild(createJob(TOPIC, true, records, (bytes) => new ArrayBuffer(bytes)))
    const all = Buffer.concat(blocks.map(({ block }) => Buffer.from(block))).toString('latin1')
    expect([rowsOf({ blocks }, 'logs'), all.includes('secret')]).toEqual([2, false])
  })

  test('rows made again are those that were made, with their patterns, log time and resources, however often', () => {
    const one = processor()
    const records = [
      record(1, { lines: ['user 17 logged in', 'cache miss for key a9'], receivedAtMs: RECEIVED_AT_MS + 9000 }),
      record(2, { lines: ['user 4 logged in'], receivedAtMs: RECEIVED_AT_MS }),
    ]
    const made = tables(process(one, records))
    expect(made).toHaveProperty('resources')
    for (let time = 0; time < 2; time++) {
      const again = tables({ blocks: one.rebuild(createJob(TOPIC, true, records, (bytes) => new ArrayBuffer(bytes))) })
      expect([again['logs'], again['resources']]).toEqual([made['logs'], made['resources']])
    }
  })

  test('rows made again do not depend on what was made again before', () => {
    const one = createLogProcessor({ ...SETTINGS.processor, createRules: createFirstOnly, patterns: createPatternStep(SETTINGS.patterns) })
    const records = [record(1, { lines: ['a', 'b', 'c'] })]
    const again = (): number => rowsOf({ blocks: one.rebuild(createJob(TOPIC, true, records, (bytes) => new ArrayBuffer(bytes))) }, 'logs')
    expect([again(), again()]).toEqual([1, 1])
  })

  test('a line has the severity that it says, wherever severities are counted and judged, unless it was sent with one or a rule gives it another', () => {
    const rules = rulesOf([
      { match: 'severity<info', actions: [{ type: 'drop' }] },
      { match: 'severity:warn', actions: [{ type: 'set', field: 'severity', value: 'fatal' }] },
    ])
    const judging = (severityFromText: boolean): RangeProcessor => {
      const patterns = createPatternStep(SETTINGS.patterns)
      const one = createLogProcessor({
        ...SETTINGS.processor,
        severityFromText,
        createRules: () => createRuleStep(patterns.patternOf, SETTINGS.processor.limits),
        patterns,
      })
      one.learn({ scenarios: [], logRules: [{ ...rules, tenant: 'acme' }] })
      return one
    }
    const sent = { severityNumber: 9, body: { stringValue: 'ERROR said, INFO sent' } }
    const lines = ['DEBUG x', 'level=error', 'WARN x', 'nothing'].map((stringValue) => ({ body: { stringValue } }))
    const records = [record(1, { payload: encodeLogs(logsOf('shop', [...lines, sent, { severityText: 'err', body: { stringValue: 'x' } }])) })]
    const on = judging(true)
    const made = process(on, records)
    expect(classes(made)).toEqual(['error', 'error', 'fatal', 'info'])
    expect(rowsOf(made, 'log_drops')).toBe(1)
    const again = on.rebuild(createJob(TOPIC, true, records, (bytes) => new ArrayBuffer(bytes)))
    expect(tables({ blocks: again })['logs']).toBe(tables(made)['logs'])
    // a line without a severity is below all others
    expect(classes(process(judging(false), records))).toEqual(['error', 'info'])
  })

  test('a line belongs to the trace that it says, unless it was sent with one, and is made again the same', () => {
    const patterns = createPatternStep(SETTINGS.patterns)
    const judging = (traceFromText: boolean): RangeProcessor =>
      createLogProcessor({ ...SETTINGS.processor, traceFromText, createRules: () => createRuleStep(patterns.patternOf, SETTINGS.processor.limits), patterns })
    const [said, other, span] = ['4bf92f3577b34da6a3ce929d0e0e4736', '1'.repeat(32), '00f067aa0ba902b7']
    const lines = [
      { body: { stringValue: `{"trace_id":"${said.toUpperCase()}","span_id":"${span}","msg":"x"}` } },
      { body: { kvlistValue: { values: [{ key: 'trace_id', value: { stringValue: said } }] } } },
      { traceId: Buffer.from(other, 'hex'), body: { stringValue: `trace_id=${said}` } },
      { body: { stringValue: 'of none' } },
    ]
    const records = [record(1, { payload: encodeLogs(logsOf('shop', lines)) })]
    const on = judging(true)
    const made = process(on, records)
    expect(column(made, 'logs', 'trace_id').toSorted()).toEqual(['0'.repeat(32), other, said, said])
    expect(column(made, 'logs', 'span_id').filter((id) => !/^0+$/.test(id))).toEqual([span])
    const again = on.rebuild(createJob(TOPIC, true, records, (bytes) => new ArrayBuffer(bytes)))
    expect(tables({ blocks: again })['logs']).toBe(tables(made)['logs'])
    expect(column(process(judging(false), records), 'logs', 'trace_id').toSorted()).toEqual([...Array.from({ length: 3 }, () => '0'.repeat(32)), other])
  })

  test('one thread or two, from modules or built to one script, the same rows come out', async () => {
    buildWorkers()
    const records = Array.from({ length: 12 }, (_, i) => record(i + 1, { partition: i % 4 })).sort((a, b) => a.partition - b.partition)
    const counts: unknown[] = []
    for (const workers of [
      createLocalWorkers([processor()]),
      createThreadWorkers(1, { entry: 'log-worker-main', built: false }, () => SETTINGS),
      createThreadWorkers(2, { entry: 'log-worker-main', built: false }, () => SETTINGS),
      createThreadWorkers(1, { entry: 'log-worker-main', built: true }, () => SETTINGS),
    ]) {
      const result = await workers.process(TOPIC, true, records)
      counts.push([sums(result), rowsOf(result, 'logs')])
      await workers.close()
    }
    expect(counts).toEqual(Array.from({ length: 4 }, () => [{ records: 12, visible: 12, repeats: 0, dead: 0 }, 12]))
  }, 20_000)
})
