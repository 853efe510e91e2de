import { PathRow } from '@skein/schemas/path'
import { readContributor, readEntry, readExemplar, readSight, readSteps } from '@skein/store/path-text'
import { readNative } from '../topology/native-for-tests.ts'
import type { Paths } from './paths.ts'

/** A row of `path_time` as numbers, with what it is about. */
export interface TestRow {
  minute: number
  what: number
  entry: string
  release: string
  band: number
  item: string
  traces: number
  count: number
  time: number
  errors: number
  retries: number
  saving: number
  duration: [number, number][]
  slowest: string
}

/** Everything taken, added up by key: what a reader sees. Rows that add up to nothing are none. */
export function createReader(): { take(paths: Paths): void; rows(what?: number): TestRow[] } {
  const sums = new Map<string, TestRow>()
  return {
    take(paths) {
      for (const { block } of paths.take().blocks) for (const row of readRows(block)) addRow(sums, row)
    },
    rows: (what) => [...sums.values()].filter((row) => (what === undefined || row.what === what) && !isNothing(row)),
  }
}

function readRows(block: Uint8Array): TestRow[] {
  const columns = readNative(block)
  const minutes = columns['minute'] ?? []
  return minutes.map((_, row) => Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, values[row]])) as unknown as TestRow)
}

function addRow(sums: Map<string, TestRow>, row: TestRow): void {
  row.duration.sort(([a], [b]) => a - b)
  const key = [row.minute, row.what, row.entry, row.release, row.band, row.item].join('\n')
  const known = sums.get(key)
  if (known === undefined) {
    sums.set(key, row)
    return
  }
  for (const counter of ['traces', 'count', 'time', 'errors', 'retries', 'saving'] as const) known[counter] += row[counter]
  const buckets = new Map(known.duration)
  for (const [bucket, count] of row.duration) buckets.set(bucket, (buckets.get(bucket) ?? 0) + count)
  known.duration = [...buckets].filter(([, count]) => count !== 0).sort(([a], [b]) => a - b)
  if (row.slowest > known.slowest) known.slowest = row.slowest
}

function isNothing(row: TestRow): boolean {
  return row.traces === 0 && row.count === 0 && row.time === 0 && row.errors === 0 && row.retries === 0 && row.saving === 0 && row.duration.length === 0
}

/** A row without its exemplar, to be compared as text: one that was taken back at once is never shown, one that was a range later is. */
export function sumsOf(row: TestRow): string {
  return JSON.stringify({ ...row, slowest: '' })
}

/** Own time as one reads it: `part node operation [→ other]` → ms. */
export function partsOf(rows: readonly TestRow[]): Record<string, number> {
  const parts: Record<string, number> = {}
  for (const row of rows.filter(({ what }) => what === PathRow.part)) {
    const { part, node, operation, edge } = readContributor(row.item)
    const name = [part, node.name, operation, ...(edge === null ? [] : [edge.inwards ? '←' : '→', edge.other.name])].join(' ')
    parts[name] = (parts[name] ?? 0) + row.time / 1e6
  }
  return parts
}

export function findingsOf(rows: readonly TestRow[]): Record<string, [count: number, ms: number]> {
  return Object.fromEntries(
    rows
      .filter(({ what }) => what === PathRow.finding)
      .map((row) => {
        const { kind, node, operation, target } = readSight(row.item)
        return [[kind, node.name, operation, ...(target === null ? [] : ['→', target.name])].join(' '), [row.count, row.time / 1e6]]
      }),
  )
}

export function entriesOf(rows: readonly TestRow[]): Record<string, number> {
  return Object.fromEntries(
    rows.filter(({ what }) => what === PathRow.entry).map((row) => [`${readEntry(row.entry).service} ${readEntry(row.entry).operation}`, row.traces]),
  )
}

export function shapesOf(rows: readonly TestRow[]): string[] {
  return rows
    .filter(({ what }) => what === PathRow.shape)
    .map(({ item }) =>
      readSteps(item)
        .map(({ node, operation }) => `${node.name} ${operation}`)
        .join(' > '),
    )
}

export function exemplarOf(row: TestRow | undefined) {
  return readExemplar(Buffer.from(row?.slowest ?? '', 'latin1'))
}
