import type { NativeBlock } from '@skein/store/native/block'
import { dictionaryOf } from '../rows/dictionary.ts'

/** Rows by the number of what they name: each text is made and looked up once for its number and not once for each row. */
export interface NumberedTexts {
  write(block: NativeBlock, column: string, textOf: (number: number) => string): void
}

export function createNumberedTexts(rows: ArrayLike<number>, numberOf: (row: number) => number): NumberedTexts {
  const places = new Map<number, number>()
  const placeOfRow = new Uint32Array(rows.length)
  for (let row = 0; row < rows.length; row++) {
    const number = numberOf(rows[row]!)
    let place = places.get(number)
    if (place === undefined) {
      place = places.size
      places.set(number, place)
    }
    placeOfRow[row] = place
  }
  const numbers = [...places.keys()]
  return {
    write(block, column, textOf) {
      const { dictionary, indexes } = dictionaryOf(numbers.map(textOf))
      block.lowCardinality(
        column,
        dictionary,
        placeOfRow.map((place) => indexes[place]!),
      )
    },
  }
}
