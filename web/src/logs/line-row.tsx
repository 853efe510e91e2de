'use client'
import type { LogLine } from '@skein/schemas/api/logs'
import { memo } from 'react'
import { useFormat } from '../format/use-format.ts'
import { BodyText } from './body-text.tsx'
import { type Attributes, bodyText, fieldOf, lineMs } from './line-fields.ts'
import { severityColor, SeverityTag } from './severity-look.tsx'

/** Longer bodies are cut in a row; the details have all. */
const ROW_CHARACTERS = 600
const WRAPPED_CHARACTERS = 4000

/** Widths of the cells of a row, the same for all rows of a list. */
export function gridColumns(columns: readonly string[], days: boolean): string {
  return ['3px', days ? '134px' : '84px', '64px', '104px', ...columns.map(() => '132px'), 'minmax(240px,1fr)'].join(' ')
}

/** Below this width a list scrolls sideways. */
export function gridMinPx(columns: readonly string[]): number {
  return 560 + columns.length * 140
}

export interface LineRowProps {
  line: LogLine
  index: number
  resource: Attributes
  columns: readonly string[]
  grid: string
  wrap: boolean
  days: boolean
  open: boolean
  focusable: boolean
  onToggle: () => void
}

/** One line: a stripe and a tag for how severe it is, when, who, what it says. */
export const LineRow = memo(function Row({ line, index, resource, columns, grid, wrap, days, open, focusable, onToggle }: LineRowProps) {
  const format = useFormat()
  const atMs = lineMs(line)
  const clock = format.clockMillis(atMs)
  return (
    <div
      role="row"
      data-line={index}
      aria-rowindex={index + 2}
      aria-expanded={open}
      tabIndex={focusable ? 0 : -1}
      onClick={onToggle}
      className={`grid min-h-6 cursor-pointer items-start gap-2 border-b border-grid pr-3 leading-[23px] focus-visible:-outline-offset-2 ${open ? 'bg-selected' : 'hover:bg-hover'}`}
      style={{ gridTemplateColumns: grid }}
    >
      <span role="presentation" className="h-full self-stretch" style={{ background: `var(--${severityColor(line.severityClass)})` }} />
      <span role="gridcell" className="mono whitespace-nowrap text-t2" title={line.time}>
        {days ? `${format.day(atMs)} ${clock}` : clock}
      </span>
      <span role="gridcell" className="flex h-[23px] items-center">
        <SeverityTag severity={line.severityClass} text={line.severityText} />
      </span>
      <span role="gridcell" className="truncate" title={line.service}>
        {line.service}
      </span>
      {columns.map((field) => {
        const value = fieldOf(line, resource, field)
        return (
          <span key={field} role="gridcell" className="mono truncate text-t2" title={value ?? ''}>
            {value === null ? '–' : bodyText(value, ROW_CHARACTERS)}
          </span>
        )
      })}
      <span
        role="gridcell"
        className={`mono min-w-0 [unicode-bidi:isolate] ${wrap ? 'py-[5px] leading-[14px] break-words whitespace-pre-wrap' : 'overflow-hidden text-ellipsis whitespace-nowrap'}`}
      >
        <BodyText body={line.body} most={wrap ? WRAPPED_CHARACTERS : ROW_CHARACTERS} />
      </span>
    </div>
  )
})
