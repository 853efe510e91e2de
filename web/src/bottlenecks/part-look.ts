import type { PathPart } from '@skein/schemas/path'

/** Time goes to one of four places everywhere, and looks the same everywhere. */
export const PART_ORDER: readonly PathPart[] = ['service', 'clientWait', 'queueWait', 'network']

const COLORS: Readonly<Record<PathPart, string>> = {
  service: 'var(--time-server)',
  network: 'var(--time-network)',
  clientWait: 'var(--time-wait)',
  queueWait: 'var(--time-queue)',
}

export function partColor(part: PathPart): string {
  return COLORS[part]
}

/** Network and client wait are hatched, a queue is hollow: told apart without colour. */
export function partStyle(part: PathPart): { background: string; border?: string } {
  const color = COLORS[part]
  if (part === 'service') return { background: color }
  if (part === 'queueWait') return { background: 'transparent', border: `1px dashed ${color}` }
  const angle = part === 'network' ? '45deg' : '135deg'
  return { background: `repeating-linear-gradient(${angle}, ${color} 0 4px, color-mix(in srgb, ${color} 62%, var(--surface)) 4px 6px)` }
}
