import type { Indexes } from '@skein/store/native/block'

/** Different values in the order they first come, and of each value its place among them: what a column of low cardinality is written from. */
export function dictionaryOf(values: readonly string[]): { dictionary: string[]; indexes: Indexes } {
  const places = new Map<string, number>()
  const indexes = new Uint32Array(values.length)
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    // rows beside each other mostly share it, and to compare two texts that are one costs next to nothing
    if (i > 0 && value === values[i - 1]) {
      indexes[i] = indexes[i - 1]!
      continue
    }
    const place = places.get(value) ?? places.size
    places.set(value, place)
    indexes[i] = place
  }
  return { dictionary: [...places.keys()], indexes }
}
