import { hash64 } from '@skein/schemas/rules/hash'
import type { RuleLine } from '@skein/schemas/rules/rule-line'
import type { FoundChange } from '@skein/schemas/rules/run'
import { createNativeBlock } from '@skein/store/native/block'
import { TABLES } from '@skein/store/tables'
import { dictionaryOf } from '../rows/dictionary.ts'
import type { BuiltBlock } from '../rows/row-builder.ts'

/** Change markers that lines tell of. */
export interface LogChanges {
  add(of: Origin, line: RuleLine, change: FoundChange): void
  /** The block of table `events`; none for none. */
  take(): BuiltBlock[]
}

interface Origin {
  tenant: string
}

interface Row extends FoundChange {
  tenant: string
  id: string
  timeMs: number
  environment: string
  cluster: string
  namespace: string
  service: string
}

/** Of one range: a rule that takes every line for a change fills no table. */
const MAX_CHANGES = 50
const MINUTE_MS = 60_000
const DAY_MS = 86_400_000

export function createLogChanges(): LogChanges {
  let rows: Row[] = []
  return {
    add({ tenant }, line, change) {
      if (rows.length >= MAX_CHANGES) return
      const { environment, cluster, namespace, service } = line
      const timeMs = Number(line.timeNs / 1_000_000n)
      const minute = Math.floor(timeMs / MINUTE_MS)
      const said = JSON.stringify([change, environment, cluster, namespace, service])
      // Ten instances that tell of one release tell of one change: readers take an id once.
      const id = `log:${minute}:${hash64(said)}`
      if (!rows.some((row) => row.id === id && row.tenant === tenant)) rows.push({ ...change, tenant, id, timeMs, environment, cluster, namespace, service })
    },
    take() {
      const taken = rows
      rows = []
      return taken.length === 0 ? [] : [eventBlock(taken)]
    },
  }
}

function eventBlock(rows: readonly Row[]): BuiltBlock {
  const block = createNativeBlock(TABLES.events.columns, rows.length)
  const words = (column: string, values: readonly string[]): void => {
    const { dictionary, indexes } = dictionaryOf(values)
    block.lowCardinality(column, dictionary, indexes)
  }
  const of = <Key extends keyof Row>(key: Key): Row[Key][] => rows.map((row) => row[key])
  const none = rows.map(() => '')
  words('tenant', of('tenant'))
  block.integers('time', of('timeMs'))
  block.texts('id', of('id'))
  words('kind', of('kind'))
  block.texts('title', of('title'))
  words('environment', of('environment'))
  words('cluster', of('cluster'))
  words('namespace', of('namespace'))
  words('service', of('service'))
  words('from_version', none)
  words('to_version', of('version'))
  block.texts('link', none)
  block.texts(
    'attributes',
    rows.map(() => '{}'),
  )
  return {
    table: 'events',
    block: block.finish(),
    rows: rows.length,
    days: [...new Set(rows.map(({ timeMs }) => Math.floor(timeMs / DAY_MS)))].sort((a, b) => a - b),
  }
}
