'use client'
import type { Health } from '@skein/schemas/api/window'
import type { ReactNode } from 'react'
import type { Figure } from '../format/format.ts'
import { FigureValue } from './figure-value.tsx'
import { HealthMark } from './health-mark.tsx'
import type { Evidence } from './table-column.ts'

export interface KeyFigureProps {
  label: string
  /** Null is shown as a dash: not known is not zero. */
  figure: Figure | null
  health?: Health
  /** Baseline or scope, one line. */
  compare?: ReactNode
  stale?: boolean
  /** Where the evidence is: the figure becomes a link. */
  evidence?: Evidence | undefined
  children?: ReactNode
}

/** Label, value with a small unit, one line of context, perhaps a sparkline. */
export function KeyFigure({ label, figure, health, compare, stale = false, evidence, children }: KeyFigureProps) {
  return (
    <div className="min-w-0 px-3">
      <div className="flex items-center gap-[5px] text-11 whitespace-nowrap text-t2">
        {health !== undefined && <HealthMark health={health} size={10} />}
        <span className="truncate">{label}</span>
      </div>
      <div className={`text-20 leading-tight font-semibold tracking-[-.02em] whitespace-nowrap ${stale ? 'text-t3' : ''}`}>
        <FigureValue figure={figure} label={label} evidence={evidence} />
      </div>
      {compare !== undefined && <div className="truncate text-11 leading-6 text-t3">{compare}</div>}
      {children}
    </div>
  )
}
