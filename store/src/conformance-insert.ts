import { expect, test } from 'vitest'
import type { Suite } from './conformance-suite.ts'
import { type HandRow, handBlock } from './conformance-rows.ts'
import type { IngestStore } from './contract.ts'
import { RejectedBlockError } from './errors.ts'
import { INSERT_ORDER, TABLES, type TableName } from './tables.ts'

const DAY_MS = 86_400_000
const TODAY_MS = Date.UTC(2026, 0, 2)
const YESTERDAY_MS = TODAY_MS - DAY_MS

/** Exactly once, whatever happened before. */
export function insertLaws(suite: Suite): void {
  for (const table of INSERT_ORDER) {
    test(`a range inserted into ${table} again and again is there once`, async () => {
      const { tenant, block, range } = twoDays(suite, table)
      await suite.store().ingest.insert(range, block, false)
      expect(await daysOf(suite, table, tenant)).toEqual([YESTERDAY_MS, TODAY_MS])
      await suite.store().ingest.insert(range, block, false)
      await suite.store().ingest.insert(range, block, true)
      expect(await daysOf(suite, table, tenant)).toEqual([YESTERDAY_MS, TODAY_MS])
    })
  }

  test('a redone range is there once after merges, a restart and the loss of all tokens', { timeout: 60_000 }, async () => {
    const shares = INSERT_ORDER.map((table) => ({ table, ...twoDays(suite, table) }))
    for (const { range, block } of shares) await suite.store().ingest.insert(range, block, false)
    for (const { table } of shares) await suite.run(`OPTIMIZE TABLE ${table} FINAL`)
    for (const { table } of shares) await forgetTokens(suite, table)
    const [first] = shares
    const doubled = suite.fresh('tenant')
    const witness = handBlock('edges', [rowOf('edges', doubled, TODAY_MS)])
    await suite.store().ingest.insert(first?.range ?? '', witness, false)
    expect(await daysOf(suite, 'edges', doubled)).toEqual([TODAY_MS])
    const reopened = await suite.reopen()
    for (const { range, block } of shares) await reopened.ingest.insert(range, block, true)
    for (const { table, tenant } of shares) expect([table, await daysOf(suite, table, tenant)]).toEqual([table, [YESTERDAY_MS, TODAY_MS]])
  })

  brokenLaws(suite)
  batchIdLaws(suite)
}

function brokenLaws(suite: Suite): void {
  test('a redone range of which one day was inserted completes the other', async () => {
    for (const table of ['spans', 'edges', 'resources', 'logs', 'log_minutes', 'ranges'] as const) {
      const { tenant, block, range } = twoDays(suite, table)
      await suite.store().ingest.insert(range, handBlock(table, [rowOf(table, tenant, TODAY_MS)]), false)
      await forgetTokens(suite, table)
      await suite.store().ingest.insert(range, block, true)
      expect(await daysOf(suite, table, tenant)).toEqual([YESTERDAY_MS, TODAY_MS])
    }
  })

  test('two ranges with the same rows are two inserts, and the tables of a range do not hide one another', async () => {
    const { tenant, block, range } = twoDays(suite, 'spans')
    await suite.store().ingest.insert(range, block, false)
    await suite.store().ingest.insert(`${range},1:0-9`, block, false)
    expect(await daysOf(suite, 'spans', tenant)).toEqual([YESTERDAY_MS, YESTERDAY_MS, TODAY_MS, TODAY_MS])
    await suite.store().ingest.insert(range, handBlock('traces', [rowOf('traces', tenant, TODAY_MS)]), true)
    expect(await daysOf(suite, 'traces', tenant)).toEqual([TODAY_MS])
  })

  test('a broken block is rejected for good, leaves nothing behind, and the next one is taken', async () => {
    const { tenant, block, range } = twoDays(suite, 'spans')
    const [whole] = block.blocks
    for (const broken of [whole?.subarray(0, 200) ?? new Uint8Array(0), Buffer.from('not a block at all')]) {
      await expect(suite.store().ingest.insert(range, { ...block, blocks: [broken] }, false)).rejects.toBeInstanceOf(RejectedBlockError)
    }
    expect(await daysOf(suite, 'spans', tenant)).toEqual([])
    await suite.store().ingest.insert(range, block, true)
    expect(await daysOf(suite, 'spans', tenant)).toEqual([YESTERDAY_MS, TODAY_MS])
  })

  test('several blocks are one insert, and no rows are none', async () => {
    const { tenant, block, range } = twoDays(suite, 'notes')
    const other = handBlock('notes', [{ ...rowOf('notes', tenant, TODAY_MS), subject: 'other' }])
    await suite.store().ingest.insert(range, { ...block, blocks: [...block.blocks, ...other.blocks], rows: 3 }, false)
    expect(await daysOf(suite, 'notes', tenant)).toEqual([YESTERDAY_MS, TODAY_MS, TODAY_MS])
    await suite.store().ingest.insert(suite.fresh('empty'), handBlock('notes', []), false)
  })
}

function batchIdLaws(suite: Suite): void {
  test('batch ids are answered for one partition, since a time and below an offset', async () => {
    const [topic, tenant] = [suite.fresh('topic'), suite.fresh('tenant')]
    const id = (digit: string): string => digit.repeat(36)
    const row = (more: HandRow): HandRow => ({ ...rowOf('ranges', tenant, TODAY_MS), topic, partition: 3, ...more })
    const rows = [
      row({ first: 0, last: 9, batch_ids: [id('a'), id('b')] }),
      row({ first: 10, last: 19, batch_ids: [id('c')] }),
      row({ first: 0, last: 9, partition: 4, batch_ids: [id('d')] }),
      row({ first: 0, last: 9, received: TODAY_MS - 1, batch_ids: [id('e')] }),
    ]
    await suite.store().ingest.insert(`${topic}:3:0-19`, handBlock('ranges', rows), false)
    const ask = (...[topic, partition, since, before]: Parameters<IngestStore['batchIdsSince']>): Promise<string[]> =>
      suite.store().ingest.batchIdsSince(topic, partition, since, before)
    expect((await ask(topic, 3, TODAY_MS)).sort()).toEqual([id('a'), id('b'), id('c')])
    expect((await ask(topic, 3, TODAY_MS, 19)).sort()).toEqual([id('a'), id('b')])
    expect((await ask(topic, 3, TODAY_MS - 1, 10)).sort()).toEqual([id('a'), id('b'), id('e')])
    expect(await ask(topic, 5, 0)).toEqual([])
  })

  test('files are answered with their highest offset for one partition, since a time and below an offset', async () => {
    // They are forgotten after some days, so these are of now.
    const nowMs = Date.now()
    const [tenant, other] = [suite.fresh('tenant'), suite.fresh('tenant')]
    const row = (more: HandRow): HandRow => ({ ...rowOf('ranges', tenant, nowMs), topic: 'skein.logs', partition: 3, ...more })
    const rows = [
      row({ first: 0, last: 9, log_files: ['255', '18446744073709551615'], log_offsets: ['70', '4000000000000'] }),
      row({ first: 10, last: 19, log_files: ['255'], log_offsets: ['90'] }),
      row({ first: 20, last: 29, log_files: ['255'], log_offsets: ['99'] }),
      row({ first: 0, last: 9, partition: 4, log_files: ['255'], log_offsets: ['100'] }),
      row({ first: 0, last: 9, received: nowMs - 1, log_files: ['1'], log_offsets: ['5'] }),
      row({ tenant: other, first: 0, last: 9, log_files: ['255'], log_offsets: ['200'] }),
      row({ tenant: other, first: 0, last: 9 }),
    ]
    await suite.store().ingest.insert(`${suite.fresh('topic')}:3:0-19`, handBlock('ranges', rows), false)
    const ask = async (partition: number, before: number, since: number): Promise<string[]> =>
      (await suite.store().ingest.logFilesBefore(partition, before, since))
        .filter((each) => each.tenant === tenant || each.tenant === other)
        .flatMap(({ tenant: of, files, offsets }) => files.map((file, i) => `${of === tenant ? 'own' : 'other'} ${file} ${offsets[i]}`))
        .sort()
    const largest = 'own ffffffffffffffff 4000000000000'
    expect(await ask(3, 29, nowMs)).toEqual(['other 00000000000000ff 200', 'own 00000000000000ff 90', largest])
    expect(await ask(3, 10, nowMs - 1)).toEqual(['other 00000000000000ff 200', 'own 0000000000000001 5', 'own 00000000000000ff 70', largest])
    expect(await ask(5, 100, 0)).toEqual([])
  })
}

function twoDays(suite: Suite, table: TableName) {
  const tenant = suite.fresh('tenant')
  const block = handBlock(table, [rowOf(table, tenant, YESTERDAY_MS), rowOf(table, tenant, TODAY_MS)])
  return { tenant, block, range: `${suite.fresh('topic')}:0:0-99` }
}

function rowOf(table: TableName, tenant: string, dayMs: number): HandRow {
  const counted = COUNTED[table]
  return { tenant, [TABLES[table].day]: dayMs, ...(counted === undefined ? {} : { [counted]: 1 }) }
}

/** What tells two rows of one key from one, once they were added up. */
const COUNTED: Partial<Record<TableName, string>> = {
  edges: 'calls',
  red: 'calls',
  instances: 'calls',
  notes: 'count',
  log_minutes: 'lines',
  outcomes: 'requests',
}

/** The day of each row of a tenant, sorted. */
async function daysOf(suite: Suite, table: TableName, tenant: string): Promise<number[]> {
  const rows = COUNTED[table] === undefined ? 'count()' : `sum(${COUNTED[table]})`
  const days = await suite.run(
    `SELECT toString(toDate(${TABLES[table].day}, 'UTC')), toUInt32(${rows}) FROM ${table} WHERE tenant = '${tenant}' GROUP BY 1 ORDER BY 1`,
  )
  return days.flatMap(([day, count]) => Array<number>(Number(count)).fill(Date.parse(`${String(day)}T00:00:00Z`)))
}

async function forgetTokens(suite: Suite, table: TableName): Promise<void> {
  await suite.run(`ALTER TABLE ${table} MODIFY SETTING non_replicated_deduplication_window = 0`)
  await suite.run(`ALTER TABLE ${table} MODIFY SETTING non_replicated_deduplication_window = 100000`)
}
