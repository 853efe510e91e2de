import type { LogFiles } from '../contract-log-files.ts'
import { asText, asTexts } from '../sql/column.ts'
import { hexId, sql, text, uint16, uint64 } from '../sql/fragment.ts'
import { compile, type CompiledQuery } from '../sql/select.ts'
import type { Column } from '../sql/terms.ts'
import { sinceMs as receivedSince } from '../sql/window.ts'
import { Topic } from '@skein/schemas/topics'

const asOffsets = (expression: Column<unknown>['expression']): Column<number[]> => ({ expression, read: (value) => (value as unknown[]).map(Number) })

/** Up to where each tailed file was read by ranges of a partition that end below an offset. */
export function logFilesQuery(partition: number, beforeOffset: number, sinceMs: number): CompiledQuery<LogFiles> {
  return compile({
    scope: { everyTenant: 'batchIds' },
    from: 'ranges',
    columns: {
      tenant: asText(sql`tenant`),
      files: asTexts(sql`arrayMap(id -> ${hexId(sql`id`)}, maxMap(log_files, log_offsets).1)`),
      offsets: asOffsets(sql`maxMap(log_files, log_offsets).2`),
    },
    where: [
      sql`topic = ${text(Topic.logs)}`,
      sql`partition = ${uint16(partition)}`,
      receivedSince(sql`received`, sinceMs),
      sql`last < ${uint64(beforeOffset)}`,
      sql`notEmpty(log_files)`,
    ],
    groupBy: sql`tenant`,
  })
}
