import type { Indexes } from '@skein/store/native/block'

/** Different values in the order they first come, and of each value its place among them: what a column of low cardinality is written from. */
export function dictionaryOf(values: readonly string[]): { dictionary: string[]; indexes: Indexes } {
  const places = new Map<string, number>()
  const indexes = Uint32Array.from(values, (value) => {
    const place = places.get(value) ?? places.size
    places.set(value, place)
    return place
  })
  return { dictionary: [...places.keys()], indexes }
}
