import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ScenarioDefinition, ScenarioRecord } from '@skein/schemas/scenario'
import { openChdbStore } from '@skein/store/chdb/store'
import type { RunRow, ScenarioQuestion } from '@skein/store/contract-scenarios'
import type { Store } from '@skein/store/contract'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createSpanDecoder } from '../decode/decode-spans.ts'
import { batchEnvelope, DECODER_OPTIONS, encodeRequest, type OracleAny, RECEIVED_AT_MS } from '../decode/oracle-for-tests.ts'
import { createRowBuilder } from '../rows/row-builder.ts'
import { createStepRows } from './step-rows.ts'

let directory: string
let store: Store
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'skein-steps-'))
  const limits = { seconds: 15, memoryBytes: 1e9, rowsRead: 1e9, resultRows: 100_000, queued: 16 }
  store = await openChdbStore({
    directory,
    memoryBytes: 1e9,
    retention: { spansDays: 20_000, rollupDays: 20_000 },
    limits,
    readers: 1,
    writers: 1,
    migrate: true,
  })
}, 30_000)
afterAll(async () => {
  await store.close()
  rmSync(directory, { recursive: true, force: true })
})

const WHERES = ['code >= 400', 'code = 7', 'name:x', 'ok:true or -code:*', 'duration_ms > 5 status != error', 'text = "" ', 'text != a']
const VALUES: readonly OracleAny[] = [
  { intValue: '7' },
  { intValue: '503' },
  { intValue: '9223372036854775807' },
  { doubleValue: 503.5 },
  { doubleValue: Number.NaN },
  { stringValue: '7' },
  { stringValue: 'x' },
  { stringValue: 'a\u001eb' },
  { stringValue: '' },
  { boolValue: true },
  { arrayValue: { values: [{ stringValue: 'x' }] } },
  {},
]

interface Made {
  session: number
  operation: string
  atMs: number
  tookMs: number
  error: boolean
  attributes: { key: string; value: OracleAny }[]
}

const madeSpan: fc.Arbitrary<Made> = fc.record({
  session: fc.integer({ min: 0, max: 9 }),
  operation: fc.constantFrom('a', 'b', 'c'),
  atMs: fc.integer({ min: 0, max: 100_000 }),
  tookMs: fc.integer({ min: 0, max: 10 }),
  error: fc.boolean(),
  attributes: fc.uniqueArray(fc.record({ key: fc.constantFrom('code', 'name', 'ok', 'text'), value: fc.constantFrom(...VALUES) }), {
    maxLength: 4,
    selector: ({ key }) => key,
  }),
})

function requestOf(service: string, spans: readonly Made[], from: number): Uint8Array {
  const id = (length: number, number: number) => Buffer.from(number.toString(16).padStart(length * 2, '0'), 'hex')
  return encodeRequest({
    resourceSpans: [
      {
        resource: { attributes: [{ key: 'service.name', value: { stringValue: service } }] },
        scopeSpans: [
          {
            spans: spans.map(({ session, operation, atMs, tookMs, error, attributes }, at) => ({
              traceId: id(16, from + at + 1),
              spanId: id(8, from + at + 1),
              traceState: '',
              parentSpanId: new Uint8Array(0),
              name: operation,
              kind: 2,
              startTimeUnixNano: `${RECEIVED_AT_MS - 200_000 + atMs}000000`,
              endTimeUnixNano: `${RECEIVED_AT_MS - 200_000 + atMs + tookMs}000000`,
              attributes: [...(session === 9 ? [] : [{ key: 'session.id', value: { stringValue: `s${session}` } }]), ...attributes],
              events: [],
              links: [],
              status: { message: '', code: error ? 2 : 0 },
            })),
          },
        ],
      },
    ],
  })
}

const definitionOf = (where: string): ScenarioDefinition => ({
  name: 'n',
  key: 'session',
  within: '30s',
  steps: [
    { name: 'a', match: { kind: 'span', service: 'tv', operation: 'a' } },
    { name: 'b', match: { kind: 'span', service: 'tv', where } },
    { name: 'c', match: { kind: 'span', operation: 'c', where } },
    { name: 'd', match: { kind: 'device', event: 'startup' }, optional: true },
  ],
  success: 'c',
})

test('what is matched as spans come is what stored spans tell, for every filter and kind of value', { timeout: 60_000 }, async () => {
  const scenarios = WHERES.map(
    (where, at): ScenarioRecord => ({
      id: `s${at}`,
      tenant: 't',
      createdAtMs: 0,
      updatedAtMs: 0,
      versions: [{ version: 3, definition: definitionOf(where), effectiveFromMs: 0 }],
    }),
  )
  const [spans = []] = fc.sample(fc.array(madeSpan, { minLength: 600, maxLength: 600 }), { numRuns: 1, seed: 11 })
  const { batch } = createSpanDecoder(DECODER_OPTIONS).decode([
    { envelope: batchEnvelope({ tenant: 't' }), payload: requestOf('tv', spans.slice(0, 400), 0) },
    { envelope: batchEnvelope({ tenant: 't' }), payload: requestOf('other', spans.slice(400), 400) },
  ])
  const repeat = new Uint8Array(batch.length)
  const steps = createStepRows()
  steps.learn(scenarios)
  for (const { table, block, rows, days } of [...createRowBuilder().build(batch, repeat), ...steps.build(batch, repeat)])
    await store.ingest.insert('skein.traces:0:1-1', { table, blocks: [block], rows, days }, false)
  for (const { id, versions } of scenarios) {
    const definition = versions[0]?.definition ?? definitionOf('')
    const question: ScenarioQuestion = {
      tenant: 't',
      startMs: RECEIVED_AT_MS - 240_000,
      endMs: RECEIVED_AT_MS,
      nowMs: RECEIVED_AT_MS,
      steps: definition.steps.map(({ match, optional }) => ({ match, optional: optional === true, slowNs: null })),
      success: 2,
      keys: ['session.id'],
      withinMs: 30_000,
      from: 'spans',
    }
    const answers = await Promise.all(
      [question, { ...question, from: { scenario: id, version: 3 } }].map(async (asked) => ({
        runs: (await store.scenarios.runs(asked, { limit: 1000 })).map(withoutPlace).toSorted(byText),
        funnel: await store.scenarios.funnel(asked, { stepSeconds: 60, sample: 0 }),
      })),
    )
    expect(answers[1]).toEqual(answers[0])
    expect(answers[0]?.runs.length).toBeGreaterThan(20)
  }
})

/** Hashes of keys differ between both, and with them the order of runs that start together. */
function withoutPlace({ after: _after, ...run }: RunRow): string {
  return JSON.stringify(run)
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

test('a span is judged by the version that held when its envelope was received, by its own tenant’s, once and never as a copy or a repeat', () => {
  const steps = createStepRows()
  const versions = [1000, 2000].map((effectiveFromMs, at) => ({ version: at + 1, definition: definitionOf('code = 7'), effectiveFromMs }))
  steps.learn([{ id: 's', tenant: 't', createdAtMs: 0, updatedAtMs: 0, versions }])
  const span: Made = { session: 1, operation: 'a', atMs: 0, tookMs: 1, error: false, attributes: [] }
  const rowsAt = (more: Parameters<typeof batchEnvelope>[0], repeat = 0): number => {
    const { batch } = createSpanDecoder(DECODER_OPTIONS).decode([{ envelope: batchEnvelope({ tenant: 't', ...more }), payload: requestOf('tv', [span], 0) }])
    return steps.build(batch, Uint8Array.of(repeat)).reduce((sum, { rows }) => sum + rows, 0)
  }
  expect([999, 1000, 1999, 2000].map((receivedAtMs) => rowsAt({ receivedAtMs }))).toEqual([0, 1, 1, 1])
  expect(rowsAt({ receivedAtMs: 2000, tenant: 'other' })).toBe(0)
  expect(rowsAt({ receivedAtMs: 2000, linkedCopy: true })).toBe(0)
  expect(rowsAt({ receivedAtMs: 2000 }, 1)).toBe(0)
})
