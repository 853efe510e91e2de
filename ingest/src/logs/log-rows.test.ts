import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { parseLogLineId } from '@skein/schemas/log'
import { openChdbStore } from '@skein/store/chdb/store'
import type { Store } from '@skein/store/contract'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { batchEnvelope, DECODER_OPTIONS, type OracleAny, RECEIVED_AT_MS } from '../decode/oracle-for-tests.ts'
import { createLogDecoder } from './decode-logs.ts'
import { type LogBatch, LogFate, serviceOf } from './log-batch.ts'
import { setAttribute, setBody, setService, setSeverity } from './log-changes.ts'
import { createLogSorter } from './log-order.ts'
import { createLogRowBuilder } from './log-rows.ts'
import { encodeLogs, logsOf, type OracleLog } from './logs-for-tests.ts'

let directory: string
let store: Store
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'skein-log-rows-'))
  const limits = { seconds: 15, memoryBytes: 1e9, rowsRead: 1e9, resultRows: 100_000, queued: 16 }
  store = await openChdbStore({ directory, memoryBytes: 1e9, retention: { spansDays: 400, rollupDays: 400 }, limits, readers: 1, writers: 1, migrate: true })
}, 30_000)
afterAll(async () => {
  await store.close()
  rmSync(directory, { recursive: true, force: true })
})

interface Sent {
  service: string
  tenant?: string
  partition?: number
  logs: OracleLog[]
}

/** Each entry is an envelope; offsets go up. */
function batchOf(sent: readonly Sent[]): LogBatch {
  const inputs = sent.map(({ service, logs, ...more }, offset) => ({
    envelope: batchEnvelope({ topic: 'skein.logs', offset, ...more }),
    payload: encodeLogs(logsOf(service, logs)),
  }))
  return createLogDecoder(DECODER_OPTIONS).decode(inputs).batch
}

let ranges = 0
async function insert(batch: LogBatch): Promise<Map<string, number>> {
  const blocks = createLogRowBuilder().build(batch)
  const range = `skein.logs:0:${ranges}-${ranges++}`
  for (const { table, block, rows, days } of blocks) await store.ingest.insert(range, { table, blocks: [block], rows, days }, false)
  return new Map(blocks.map(({ table, rows }) => [table, rows]))
}

const DAY_MS = 86_400_000
const windowOf = (tenant: string) => ({ tenant, startMs: RECEIVED_AT_MS - DAY_MS, endMs: RECEIVED_AT_MS + DAY_MS })
const linesOf = (tenant: string) => store.logs.search({ ...windowOf(tenant), search: null, order: 'asc', limit: 10_000 })
const ns = (ms: number, more = 0): string => String(BigInt(RECEIVED_AT_MS + ms) * 1_000_000n + BigInt(more))
const body = (stringValue: string) => ({ body: { stringValue } })

const sentLines = fc.array(
  fc.record({
    service: fc.constantFrom('epg', 'gateway', 'Ä', ''),
    partition: fc.integer({ min: 0, max: 3 }),
    logs: fc.array(
      fc.record({
        timeUnixNano: fc.tuple(fc.integer({ min: -900_000, max: 500_000 }), fc.integer({ min: 0, max: 3 })).map(([ms, more]) => ns(ms, more)),
        body: fc.string({ unit: 'grapheme', maxLength: 60 }).map((stringValue) => ({ stringValue })),
        severityNumber: fc.integer({ min: 0, max: 24 }),
        traceId: fc.constantFrom(new Uint8Array(0), new Uint8Array(16).fill(7)),
      }),
      { maxLength: 12 },
    ),
  }),
  { maxLength: 6 },
)

describe('rows of log lines', () => {
  test('a line is read from the store as it was sent, in the order of time and of the log', async () => {
    let run = 0
    await fc.assert(
      fc.asyncProperty(sentLines, async (unsorted) => {
        const tenant = `any-${run++}`
        const sent = unsorted.toSorted((a, b) => a.partition - b.partition).map((each) => ({ ...each, tenant }))
        const all = sent.flatMap(({ service, logs }) => logs.map((log) => ({ service: service === '' ? 'unknown_service' : service, ...log })))
        await insert(batchOf(sent))
        const rows = await linesOf(tenant)
        const expected = all.toSorted((a, b) => Number(BigInt(a.timeUnixNano) - BigInt(b.timeUnixNano)))
        expect(rows.map(({ body: text, timeNs, service, severity, traceId }) => ({ text, timeNs, service, severity, traceId }))).toEqual(
          expected.map(({ body: { stringValue }, timeUnixNano, service, severityNumber, traceId }) => ({
            text: stringValue.replaceAll('\0', '\ufffd'),
            timeNs: timeUnixNano,
            service,
            severity: severityNumber,
            traceId: Buffer.from(traceId).toString('hex'),
          })),
        )
        expect(new Set(rows.map(({ id }) => id)).size).toBe(all.length)
      }),
      { numRuns: 15 },
    )
  }, 60_000)

  test('blocks are in the order of their table, so that the engine has nothing to sort', () => {
    fc.assert(
      fc.property(sentLines, (unsorted) => {
        const sent = unsorted.toSorted((a, b) => a.partition - b.partition).map((each, i) => ({ ...each, tenant: `t${i % 2}` }))
        const batch = batchOf(sent)
        const order = createLogSorter().sort(batch)
        const keyOf = (row: number): string => {
          const time = ((BigInt(batch.timeHigh[row]!) << 32n) | BigInt(batch.timeLow[row]!)).toString(16).padStart(16, '0')
          const bucket = String(Math.floor(Number(BigInt(`0x${time}`) / 1_000_000_000n) / 300)).padStart(12, '0')
          const service = Buffer.from(serviceOf(batch, row)).toString('hex')
          return `${batch.envelopes[batch.envelope[row]!]?.tenant} ${bucket} ${service} ${time} ${String(row).padStart(9, '0')}`
        }
        const keys = Array.from(order.rows.subarray(0, order.length), keyOf)
        expect(keys).toEqual(keys.toSorted())
        expect(keys.length).toBe(batch.length)
      }),
      { numRuns: 60 },
    )
  })

  test('the id of a line is its time and its place in the log', async () => {
    await insert(
      batchOf([
        { service: 's', tenant: 'ids', logs: [] },
        { service: 's', tenant: 'ids', partition: 255, logs: [{ timeUnixNano: ns(0, 7), ...body('a') }, body('b')] },
      ]),
    )
    const ids = (await linesOf('ids')).map(({ id }) => parseLogLineId(id))
    expect(ids).toEqual([
      { tsNs: BigInt(ns(0)), seq: (255n << 56n) | (1n << 20n) | 1n },
      { tsNs: BigInt(ns(0, 7)), seq: (255n << 56n) | (1n << 20n) },
    ])
  })

  test('what a step changed is what is stored, and lines that are not kept are not', async () => {
    const batch = batchOf([{ service: 's', tenant: 'changed', logs: ['a', 'b', 'c', 'd'].map((text) => ({ timeUnixNano: ns(0), ...body(text) })) }])
    setBody(batch, 0, 'new 文本')
    setAttribute(batch, 0, 'http.status', 503)
    setAttribute(batch, 0, 'path', '/a\x1eb')
    setService(batch, 0, 'nginx')
    setSeverity(batch, 0, 17, 'ERROR')
    batch.fate[1] = LogFate.rule
    batch.fate[2] = LogFate.repeat
    batch.pattern[3 * 2] = 0xabc
    await insert(batch)
    expect(
      (await linesOf('changed')).map(({ body: text, service, severity, severityText, attributes, pattern }) => ({
        text,
        service,
        severity,
        severityText,
        attributes,
        pattern,
      })),
    ).toEqual([
      {
        text: 'new 文本',
        service: 'nginx',
        severity: 17,
        severityText: 'ERROR',
        attributes: expect.arrayContaining([
          ['http.status', 503],
          ['path', '/a\x1eb'],
        ]),
        pattern: '',
      },
      { text: 'd', service: 's', severity: 0, severityText: '', attributes: [], pattern: '0000000000000abc' },
    ])
  })

  test('names that mean something elsewhere, ten thousand names and deep bodies stay what they are', async () => {
    const value = (stringValue: string) => ({ value: { stringValue } })
    const odd = ['__proto__', 'constructor', 'a\x1eb', 'k=v', '中文'].map((key) => ({ key, ...value(`of ${key}`) }))
    const deep = Array.from({ length: 15 }).reduce<OracleAny>((inner) => ({ kvlistValue: { values: [{ key: '__proto__', value: inner }] } }), {
      stringValue: 'x',
    })
    const many = Array.from(
      { length: 50 },
      (_, line): OracleLog => ({ timeUnixNano: ns(line), attributes: Array.from({ length: 200 }, (_, i) => ({ key: `k${line * 200 + i}`, ...value('v') })) }),
    )
    await insert(batchOf([{ service: 's', tenant: 'odd', logs: [{ timeUnixNano: ns(-1), attributes: odd, body: deep }, ...many] }]))
    const [first, ...rest] = await linesOf('odd')
    expect(new Map(first?.attributes)).toEqual(new Map(odd.map(({ key }) => [key, `of ${key}`])))
    expect(first?.body).toBe(`${'{"__proto__":'.repeat(15)}"x"${'}'.repeat(15)}`)
    expect(rest.map(({ attributes }) => attributes.length)).toEqual(many.map(() => 200))
  })

  test('lines and bytes are summed by minute, service and class of severity', async () => {
    const at = (minute: number, severityNumber: number): OracleLog => ({ timeUnixNano: ns(minute * 60_000), severityNumber, ...body('12345') })
    const rows = await insert(
      batchOf([
        { service: 'a', tenant: 'sums', logs: [at(0, 9), at(0, 10), at(0, 17), at(-1, 9)] },
        { service: 'b', tenant: 'sums', logs: [at(0, 9)] },
        { service: 'a', tenant: 'sums', logs: [at(0, 9)] },
      ]),
    )
    expect([...rows]).toEqual([
      ['log_minutes', 4],
      ['resources', 2],
      ['logs', 6],
    ])
    const totals = await store.logPatterns.totals(windowOf('sums'), 10)
    expect(totals.map(({ service, severity, lines, bytes }) => `${service} ${severity} ${lines} ${bytes}`).sort()).toEqual([
      'a error 1 5',
      'a info 4 20',
      'b info 1 5',
    ])
    expect(await store.logs.count(windowOf('sums'))).toBe(6)
  })
})
