import { SemanticSlot, SLOT_COUNT } from '@skein/schemas/semantic-conventions'
import type { SpanBatch } from '../decode/span-batch.ts'

const TUPLE = 5
const Field = { text: 1, integer: 3 } as const

/** Two halves of a hash of the session that a span names, else of the user; 0, 0 = it names none. Stored, so that it must stay what it is. */
export function readViewer(batch: SpanBatch, row: number): void {
  const { viewer } = batch
  viewer[row * 2] = 0
  viewer[row * 2 + 1] = 0
  const base = row * SLOT_COUNT
  const tuple = (batch.slots[base + SemanticSlot.sessionId]! || batch.slots[base + SemanticSlot.userId]!) - 1
  if (tuple < 0) return
  const at = tuple * TUPLE
  const field = batch.attributes[at + 2]
  const start = batch.attributes[at + 3]!
  const end = batch.attributes[at + 4]!
  if (end <= start || (field !== Field.text && field !== Field.integer)) return
  let a = 0x811c9dc5
  let b = 0x2545f491
  for (let i = start; i < end; i++) {
    const byte = batch.bytes[i]!
    a = Math.imul(a ^ byte, 0x01000193)
    b = Math.imul(b + byte, 0x85ebca6b)
    b ^= b >>> 15
  }
  viewer[row * 2] = a ^ (a >>> 16)
  viewer[row * 2 + 1] = b === 0 && a === 0 ? 1 : b
}
