import type { EdgeLook } from './edge-look.ts'

/** Dashes of an edge in px; none for a solid one. */
export function dashOf({ dash, widthPx }: EdgeLook): number[] {
  if (dash === 'silent') return [widthPx, widthPx * 2 + 3]
  if (dash === 'vanished') return [3, 4]
  return dash === 'callerOnly' ? [9, 4] : []
}
