import type { StoredPattern } from '@skein/store/contract-log-patterns'
import type { BuiltBlock } from '../rows/row-builder.ts'
import { readNative } from '../topology/native-for-tests.ts'

export interface PatternRowForTests extends StoredPattern {
  partition: number
  position: number
}

export function readPatternBlock({ block, rows }: BuiltBlock): PatternRowForTests[] {
  const columns = readNative(block)
  const at = (column: string, row: number): unknown => columns[column]?.[row]
  return Array.from({ length: rows }, (_, row) => ({
    tenant: String(at('tenant', row)),
    service: String(at('service', row)),
    day: Number(at('day', row)),
    partition: Number(at('partition', row)),
    position: Number.parseInt(String(at('position', row)), 16),
    number: Number(at('number', row)),
    pattern: String(at('pattern', row)),
    template: Buffer.from(String(at('template', row)), 'latin1'),
    firstSeenMs: Number(at('first_seen', row)),
  }))
}
