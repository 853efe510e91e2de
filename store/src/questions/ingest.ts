import type { IngestStore, TableBlock } from '../contract.ts'
import type { Engine } from '../engine.ts'
import { createMarkerBlock } from '../native/marker.ts'
import { asNumber, asTexts } from '../sql/column.ts'
import { atStartOf, dayOf } from '../sql/day.ts'
import { some, sql, text, uint16, uint64 } from '../sql/fragment.ts'
import { compile } from '../sql/select.ts'
import { sinceMs as receivedSince } from '../sql/window.ts'
import { logFilesQuery } from './log-files.ts'
import { storedPatternsQuery } from './log-patterns.ts'

export function createIngestStore(engine: Engine): IngestStore {
  return {
    async insert(range, block, redo) {
      if (block.rows === 0) return
      const token = `${range}:${block.table}`
      const days = redo ? await missingDays(engine, block, token) : block.days
      if (days.length === 0) return
      await engine.insert({
        table: block.table,
        // Last, though the engine sorts rows in order because of it: were a block ever cut, a marker without its rows would lose them.
        blocks: [...block.blocks, createMarkerBlock(block.table, days, token)],
        token,
        days: block.days,
        ...(days.length === block.days.length ? {} : { onlyDays: days }),
      })
    },
    async batchIdsSince(topic, partition, sinceMs, beforeOffset) {
      const before = beforeOffset === undefined ? [] : [sql`last < ${uint64(beforeOffset)}`]
      const rows = await engine.ask(
        compile({
          scope: { everyTenant: 'batchIds' },
          from: 'ranges',
          columns: { ids: asTexts(sql`groupUniqArrayArray(arrayMap(id -> lower(hex(id)), batch_ids))`) },
          where: [sql`topic = ${text(topic)}`, sql`partition = ${uint16(partition)}`, receivedSince(sql`received`, sinceMs), ...before],
        }),
      )
      return rows[0]?.ids ?? []
    },
    logFilesBefore: (partition, offset, sinceMs) => engine.ask(logFilesQuery(partition, offset, sinceMs)),
    patternsBefore: (partition, offset) => engine.ask(storedPatternsQuery(partition, offset)),
  }
}

/** The days of a block that have no marker of its token. */
async function missingDays(engine: Engine, block: TableBlock, token: string): Promise<number[]> {
  const found = await engine.ask(
    compile({
      scope: { markersOf: token },
      from: block.table,
      columns: { day: asNumber(dayOf(block.table)) },
      where: [some(atStartOf(block.table, block.days))],
    }),
  )
  const present = new Set(found.map((row) => row.day))
  return block.days.filter((day) => !present.has(day))
}
