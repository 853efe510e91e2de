import type { TailPosition } from '@skein/store/contract-logs'

const NUMBER = /^[0-9a-z]{1,11}$/
const RADIX = 36

/** A position as the id of an event: the time it looks back to, then partition, offset and log time of each partition. */
export function tailId({ sinceMs, partitions }: TailPosition): string {
  const parts = [...partitions].map(([partition, { offset, receivedMs }]) => [partition, offset, receivedMs].map((number) => number.toString(RADIX)).join('.'))
  return [sinceMs.toString(RADIX), ...parts].join('_')
}

/** Null for anything that is no id of an event. */
export function parseTailId(id: string): TailPosition | null {
  const [since = '', ...parts] = id.split('_')
  const sinceMs = numberOf(since)
  if (sinceMs === null) return null
  const partitions = new Map<number, { offset: number; receivedMs: number }>()
  for (const part of parts) {
    const [partition, offset, receivedMs, ...more] = part.split('.').map(numberOf)
    if (partition == null || offset == null || receivedMs == null || more.length > 0 || partition > 255) return null
    partitions.set(partition, { offset, receivedMs })
  }
  return { sinceMs, partitions }
}

function numberOf(text: string): number | null {
  const number = NUMBER.test(text) ? Number.parseInt(text, RADIX) : Number.NaN
  return Number.isSafeInteger(number) ? number : null
}
