'use client'
import type { Figure } from '../format/format.ts'
import type { Evidence } from './table-column.ts'
import { ViewLink } from './view-link.tsx'

export interface FigureValueProps {
  /** Null is shown as a dash: not known is not zero. */
  figure: Figure | null
  label: string
  /** Where what is behind it is shown: a number that is known becomes a link. */
  evidence?: Evidence | null | undefined
}

/** A number with its unit, smaller. */
export function FigureValue({ figure, label, evidence = null }: FigureValueProps) {
  const value = (
    <>
      {figure?.value ?? '–'}
      <small className="ml-0.5 text-12 font-medium tracking-normal text-t2">{figure?.unit ?? ''}</small>
    </>
  )
  if (evidence === null || figure === null) return value
  return (
    <ViewLink {...evidence} className="text-inherit">
      <span className="sr-only">{label} </span>
      {value}
    </ViewLink>
  )
}
