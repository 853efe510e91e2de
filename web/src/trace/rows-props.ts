import type { Virtualizer } from '@tanstack/react-virtual'
import type { RefObject } from 'react'
import type { SpanRow } from './span-row.ts'
import type { TimeWindow } from './time-scale.ts'
import type { TraceModel } from './trace-model.ts'
import type { Position } from './visible-rows.ts'

export interface WaterfallProps {
  model: TraceModel
  /** Those of the model that are to be shown. */
  rows: readonly SpanRow[]
  window: TimeWindow
  collapsed: ReadonlySet<string>
  /** Index of the selected row, −1 for none. */
  selected: number
  /** Keys of the rows that were sought; null when nothing is. */
  found: ReadonlySet<string> | null
  /** Key of the row whose part of the path is pointed at, '' for none. */
  lit: string
  onLight: (key: string) => void
  onMove: (position: Position) => void
  /** Enter on a row. */
  onOpen?: () => void
}

/** What both ways of drawing the rows take. */
export interface RowsProps extends Omit<WaterfallProps, 'onMove'> {
  scroller: RefObject<HTMLDivElement | null>
  visible: readonly number[]
  virtualizer: Virtualizer<HTMLDivElement, Element>
  onSelect: (index: number) => void
  onToggle: (index: number) => void
}
