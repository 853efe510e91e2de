import { type Histogram, histogramOf } from '@skein/schemas/histogram'
import type { Column, Fragment } from './terms.ts'

export const asNumber = (expression: Fragment): Column<number> => ({ expression, read: Number })
export const asText = (expression: Fragment): Column<string> => ({ expression, read: String })
export const asFlag = (expression: Fragment): Column<boolean> => ({ expression, read: (value) => Number(value) !== 0 })
export const asTexts = (expression: Fragment): Column<string[]> => ({ expression, read: (value) => (value as unknown[]).map(String) })
/** A pair of arrays (keys, counts), as `sumMap` gives it. */
export const asHistogram = (expression: Fragment): Column<Histogram> => ({ expression, read: readHistogram })
/** Base64 text. */
export const asBytes = (expression: Fragment): Column<Uint8Array> => ({ expression, read: (value) => Buffer.from(String(value), 'base64') })

function readHistogram(value: unknown): Histogram {
  const [keys, counts] = value as [number[], number[]]
  return histogramOf(keys.map((key, at) => [key, Number(counts[at])] as const))
}
