'use client'
import { useTranslations } from 'next-intl'
import { useContext } from 'react'
import { useFormat } from '../format/use-format.ts'
import { SeverityMark } from '../logs/severity-look.tsx'
import { HealthMark } from '../ui/health-mark.tsx'
import { Icon } from '../ui/icon.tsx'
import { partStyle } from './bar-look.ts'
import { partsOf, wholeBar } from './bar-parts.ts'
import { LineMarksContext } from './line-marks.ts'
import { MAX_INDENT } from './row-size.ts'
import { barLabel } from './row-text.ts'
import { nsText } from './span-duration.ts'
import type { SpanRow } from './span-row.ts'
import { barOf, labelSide, type TimeWindow } from './time-scale.ts'
import { marksOf, type RowPath } from './trace-path.ts'

export const rowId = (index: number): string => `span-row-${index}`

export interface WaterfallRowProps {
  row: SpanRow
  index: number
  place: number
  top: number
  color: string
  window: TimeWindow
  foldable: boolean
  folded: boolean
  selected: boolean
  faded: boolean
  /** Null for a row off the critical path. */
  path: RowPath | null
  /** Its part of the path is pointed at. */
  lit: boolean
  onSelect: () => void
  onToggle: () => void
  onLight: () => void
}

export function WaterfallRow(props: WaterfallRowProps) {
  const { row, index, place, top, foldable, folded, selected, lit, onSelect, onLight } = props
  return (
    <div
      id={rowId(index)}
      role="row"
      aria-level={row.depth + 1}
      aria-rowindex={place + 1}
      aria-selected={selected}
      {...(foldable ? { 'aria-expanded': !folded } : {})}
      onClick={onSelect}
      onPointerEnter={onLight}
      className={`absolute inset-x-0 flex h-[26px] cursor-pointer items-center border-b border-grid pr-3 ${selected ? 'bg-selected' : lit ? 'bg-hover' : 'hover:bg-hover'}`}
      style={{ transform: `translateY(${top}px)` }}
    >
      <NameCell {...props} />
      <BarCell {...props} />
    </div>
  )
}

function NameCell({ row, index, color, path, foldable, folded, faded, onToggle }: WaterfallRowProps) {
  const t = useTranslations('trace')
  const indent = Math.min(row.depth, MAX_INDENT)
  return (
    <div role="gridcell" className={`flex h-full w-[var(--name-w)] flex-none items-center border-r border-line pr-1.5 pl-1.5 ${faded ? '**:!text-t3' : ''}`}>
      {Array.from({ length: indent }, (_, level) => (
        <span key={level} className="h-full w-[var(--indent)] flex-none border-l border-line" />
      ))}
      {row.depth > MAX_INDENT && <span className="mr-1 text-10 text-t3">{row.depth}</span>}
      {foldable ? (
        <button
          type="button"
          tabIndex={-1}
          aria-label={t(folded ? 'unfold' : 'fold')}
          onClick={(event) => {
            event.stopPropagation()
            onToggle()
          }}
          className="grid h-[18px] w-4 flex-none place-items-center text-t3 hover:text-t1"
        >
          <Icon name={folded ? 'right' : 'down'} size={11} />
        </button>
      ) : (
        <span className="w-4 flex-none" />
      )}
      {row.span === null ? <MissingName row={row} /> : <SpanName row={row} path={path} color={color} hidden={folded ? row.end - index - 1 : 0} />}
    </div>
  )
}

function MissingName({ row }: { row: SpanRow }) {
  const t = useTranslations('trace')
  return (
    <span className="flex min-w-0 items-center gap-1.5 text-t3 italic" title={t('missingHint')}>
      <HealthMark health="unknown" size={10} />
      <span className="truncate">
        {t('missing')} <span className="mono">{row.missingId}</span>
      </span>
    </span>
  )
}

function SpanName({ row, path, color, hidden }: Pick<WaterfallRowProps, 'row' | 'path' | 'color'> & { hidden: number }) {
  const t = useTranslations('trace')
  const format = useFormat()
  const span = row.span
  if (span === null) return null
  const quiet = span.kind === 'server' || span.kind === 'internal' || span.kind === 'unspecified'
  return (
    <>
      <span className="mr-1.5 h-2 w-2 flex-none rounded-[2px]" style={{ background: color }} />
      <span className="min-w-0 truncate" title={`${span.service} ${span.name}`}>
        <b className={path === null ? 'font-normal' : 'font-semibold'}>{span.service}</b> <span className="text-t2">{span.name}</span>
        {hidden > 0 && <span className="text-t3"> +{hidden}</span>}
      </span>
      {path !== null && <span className="sr-only">{path.ownNs > 0 ? t('onPath', { time: nsText(path.ownNs, format) }) : t('throughPath')}</span>}
      {!quiet && <span className="ml-1.5 hidden flex-none text-10 text-t3 wide:inline">{span.kind}</span>}
      {row.cut && <span className="ml-1.5 flex-none text-10 text-degraded-text">{t('cycle')}</span>}
      {span.status.code === 'error' && (
        <span className="ml-auto flex-none pl-2">
          <HealthMark health="bad" size={10} />
        </span>
      )}
    </>
  )
}

function BarCell({ row, color, window, path, faded }: WaterfallRowProps) {
  const t = useTranslations('trace')
  const format = useFormat()
  const label = barLabel(row, t, format)
  const parts = partsOf(row, window)
  const bar = wholeBar(row, window)
  if (bar === null && parts.length === 0) return <div role="gridcell" aria-label={label} className="ml-3 min-w-0 flex-1" />
  const side = bar === null ? null : labelSide(bar)
  return (
    <div role="gridcell" className="relative ml-3 h-full min-w-0 flex-1">
      {parts.map(({ look, left, width }, at) => (
        <span
          key={`${look} ${at}`}
          className="absolute top-[7px] h-3 min-w-[2px] rounded-[2px]"
          style={{ left: `${left * 100}%`, width: `${width * 100}%`, ...partStyle(look, color), opacity: faded ? 0.35 : 1 }}
        />
      ))}
      {bar !== null && side !== null && (
        <span
          className={`absolute top-[7px] text-10 leading-[12px] whitespace-nowrap ${side === 'inside' ? `rounded-[2px] px-1 font-semibold text-t1 bg-surface` : 'text-t2'}`}
          style={labelPlace(bar, side)}
        >
          {label}
        </span>
      )}
      {path !== null && <PathMarks path={path} window={window} />}
      <LineMarks span={row.key} window={window} />
    </div>
  )
}

function labelPlace({ left, width }: { left: number; width: number }, side: 'inside' | 'right' | 'left') {
  if (side === 'inside') return { left: `${left * 100}%`, marginLeft: 6 }
  if (side === 'right') return { left: `${(left + width) * 100}%`, paddingLeft: 6 }
  return { right: `${(1 - left) * 100}%`, paddingRight: 6 }
}

/** Log lines where they were written. */
function LineMarks({ span, window }: { span: string; window: TimeWindow }) {
  const t = useTranslations('logs.related')
  const marks = useContext(LineMarksContext).get(span)
  if (marks === undefined) return null
  return (
    <>
      <span className="sr-only">{t('marks', { count: marks.length })}</span>
      {marks.map(({ id, atNs, severity }) => {
        const place = barOf(atNs, 0, window)
        return place === null ? null : (
          <span key={id} title={severity.toUpperCase()} className="absolute top-px -ml-[3px]" style={{ left: `${place.left * 100}%` }}>
            <SeverityMark severity={severity} size={7} />
          </span>
        )
      })}
    </>
  )
}

/** Marks nearer together than this share of the width are one. */
const MARK_GAP = 0.002

/** A mark of many short sections is as faint as the path is rare in it, but can be seen. */
const FAINTEST = 0.25

/** A thin line under the stretches of a bar that are on the critical path. */
function PathMarks({ path, window }: { path: RowPath; window: TimeWindow }) {
  return marksOf(path.sections, (window.toNs - window.fromNs) * MARK_GAP).map(({ startNs, endNs, ownNs }) => {
    const mark = barOf(startNs, endNs - startNs, window)
    if (mark === null) return null
    const opacity = Math.max(FAINTEST, ownNs / (endNs - startNs))
    return (
      <i key={startNs} className="absolute top-[21px] h-0.5 min-w-px bg-t1" style={{ left: `${mark.left * 100}%`, width: `${mark.width * 100}%`, opacity }} />
    )
  })
}
