import type { CSSProperties } from 'react'
import type { PartLook } from './bar-parts.ts'

const hatched = (token: string): CSSProperties => ({
  background: `repeating-linear-gradient(135deg, var(${token}) 0 2px, transparent 2px 5px)`,
  border: `1px solid var(${token})`,
})

/** One of the four places time goes to, wherever a bar is an element. */
export function partStyle(look: PartLook, color: string): CSSProperties {
  if (look === 'network') return hatched('--time-network')
  if (look === 'client') return hatched('--time-wait')
  if (look === 'queue') return { border: '1px dashed var(--time-queue)' }
  if (look === 'missing') return { border: '1px dashed var(--ctl-border)' }
  if (look === 'late') return { border: `2px dotted ${color}` }
  return { background: color }
}
