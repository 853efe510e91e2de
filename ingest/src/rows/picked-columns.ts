import type { Indexes } from '@skein/store/native/block'
import { inPieces } from '../decode/pieces.ts'
import type { ResourceOfRows } from './resource-rows.ts'

/** A dictionary of those values that rows use, and each row's number in it. */
export function usedIndexes(numbers: Int32Array, positions: Int32Array, values: readonly string[]): { dictionary: string[]; indexes: Indexes } {
  const place = new Int32Array(values.length)
  const known = new Map<string, number>()
  const indexes = new Int32Array(positions.length)
  for (let i = 0; i < positions.length; i++) {
    const number = numbers[positions[i] as number] as number
    let index = (place[number] as number) - 1
    if (index < 0) {
      const text = values[number] ?? ''
      index = known.get(text) ?? known.size
      known.set(text, index)
      place[number] = index + 1
    }
    indexes[i] = index
  }
  return { dictionary: [...known.keys()], indexes }
}

export function pickBytes(values: Uint8Array, positions: Int32Array): Uint8Array {
  const picked = new Uint8Array(positions.length)
  for (let i = 0; i < positions.length; i++) picked[i] = values[positions[i] as number] as number
  return picked
}

/** Fingerprints of the rows' resources, 8 bytes each. */
export function fingerprints(batch: ResourceOfRows, positions: Int32Array): Uint8Array {
  const values = new Uint8Array(positions.length * 8)
  inPieces(positions.length, fingerprintRows, { batch, positions, values })
  return values
}

function fingerprintRows({ batch, positions, values }: { batch: ResourceOfRows; positions: Int32Array; values: Uint8Array }, from: number, to: number): void {
  for (let i = from; i < to; i++) {
    const resource = batch.resources[batch.resource[positions[i] as number] as number]
    if (resource === undefined) continue
    const { fingerprint } = resource
    for (let b = 0; b < 8; b++) values[i * 8 + b] = fingerprint[b] as number
  }
}
