import type { NetworkWay } from '@skein/schemas/api/network-probes'
import type { Format } from '../format/format.ts'

/** Measures of a way in the order they are shown. */
export const MEASURES = ['connectMs', 'httpP50Ms', 'httpP95Ms', 'requestsPerSecond', 'downBytesPerSecond', 'upBytesPerSecond'] as const
export type Measure = (typeof MEASURES)[number]

/** Which way a measure gets worse. */
export const WORSE: Readonly<Record<Measure, 'up' | 'down'>> = {
  connectMs: 'up',
  httpP50Ms: 'up',
  httpP95Ms: 'up',
  requestsPerSecond: 'down',
  downBytesPerSecond: 'down',
  upBytesPerSecond: 'down',
}

export function measureText(measure: Measure, value: number, format: Format): string {
  if (WORSE[measure] === 'up') return format.text(format.duration(value))
  const figure = measure === 'requestsPerSecond' ? format.count(value) : format.bytes(value)
  return format.text({ value: figure.value, unit: `${figure.unit}/s` })
}

/** Two ways side by side: as chosen, else the first two. The same way twice is allowed. */
export function chosenWays<Way extends Pick<NetworkWay, 'from' | 'to'>>(
  ways: readonly Way[],
  chosen: { left: string; right: string },
  idOf: (way: Way) => string,
): { left: Way; right: Way } | null {
  const [first, second] = ways
  if (first === undefined) return null
  const find = (id: string) => ways.find((way) => idOf(way) === id)
  return { left: find(chosen.left) ?? first, right: find(chosen.right) ?? second ?? first }
}
