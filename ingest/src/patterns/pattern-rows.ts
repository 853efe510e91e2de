import { createNativeBlock } from '@skein/store/native/block'
import { TABLES } from '@skein/store/tables'
import { dictionaryOf } from '../rows/dictionary.ts'
import type { BuiltBlock } from '../rows/row-builder.ts'
import type { Template } from './drain.ts'

/** A row of `log_patterns`. */
export interface PatternRow {
  tenant: string
  /** Unix day. */
  day: number
  partition: number
  position: number
  service: string
  number: number
  idLow: number
  idHigh: number
  template: Template
  firstSeenMs: number
}

export function patternBlock(rows: readonly PatternRow[]): BuiltBlock {
  const block = createNativeBlock(TABLES.log_patterns.columns, rows.length)
  const names = (column: 'tenant' | 'service'): void => {
    const { dictionary, indexes } = dictionaryOf(rows.map((row) => row[column]))
    block.lowCardinality(column, dictionary, indexes)
  }
  names('tenant')
  block.fixed(
    'day',
    Uint16Array.from(rows, ({ day }) => day),
  )
  block.fixed(
    'partition',
    Uint16Array.from(rows, ({ partition }) => partition),
  )
  block.integers(
    'position',
    rows.map(({ position }) => position),
  )
  names('service')
  block.fixed(
    'number',
    Uint32Array.from(rows, ({ number }) => number),
  )
  block.fixed('pattern', Uint32Array.from(rows.flatMap(({ idLow, idHigh }) => [idLow, idHigh])))
  const starts = new Int32Array(rows.length)
  const ends = new Int32Array(rows.length)
  let at = 0
  for (const [i, { template }] of rows.entries()) {
    starts[i] = at
    at += template.text.length
    ends[i] = at
  }
  block.ranges('template', { bytes: Buffer.concat(rows.map(({ template }) => template.text)), starts, ends })
  block.integers(
    'first_seen',
    rows.map(({ firstSeenMs }) => Math.round(firstSeenMs)),
  )
  return { table: 'log_patterns', block: block.finish(), rows: rows.length, days: [...new Set(rows.map(({ day }) => day))] }
}
