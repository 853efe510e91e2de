import { type Figure, type Format, significant } from '../format/format.ts'

/** A length in ns as a figure: ns and µs below a millisecond, then as everywhere. */
export function nsFigure(ns: number, format: Format): Figure {
  if (ns < 1000) return { value: String(Math.round(ns)), unit: ns === 0 ? 'ms' : 'ns' }
  if (ns < 1e6) return { value: significant(ns / 1000), unit: 'µs' }
  return format.duration(ns / 1e6)
}

export const nsText = (ns: number, format: Format): string => format.text(nsFigure(ns, format))
