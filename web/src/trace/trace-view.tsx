'use client'
import { useTranslations } from 'next-intl'
import { useCallback, useDeferredValue, useMemo, useState } from 'react'
import { Minimap } from './minimap.tsx'
import { PathBar } from './path-bar.tsx'
import { ServiceBar } from './service-bar.tsx'
import { SpanPanel } from './span-panel.tsx'
import { TimeRuler } from './time-ruler.tsx'
import { formatZoom, parseZoom, windowOf } from './time-scale.ts'
import { findSpans } from './find-spans.ts'
import type { SpanRow } from './span-tree.ts'
import type { TraceModel } from './trace-model.ts'
import { nextOnPath } from './trace-path.ts'
import { usePathKeys } from './use-path-keys.ts'
import { foldable, type Position, reveal } from './visible-rows.ts'
import { Waterfall } from './waterfall.tsx'

export interface TraceState {
  span: string
  q: string
  zoom: string
  critical: boolean
}

export interface TraceViewProps {
  model: TraceModel
  /** Those of the model that are to be shown. */
  rows: readonly SpanRow[]
  state: TraceState
  setState: (state: Partial<TraceState>) => void
}

/** Traces longer than this open with only their upper levels unfolded. */
const OPEN_WHOLE = 20_000

/** The waterfall with everything that steers it. */
export function TraceView({ model, rows, state, setState }: TraceViewProps) {
  const { durationNs, path } = model
  const [folded, setFolded] = useState<ReadonlySet<string>>(() => (model.rows.length > OPEN_WHOLE ? foldable(model.rows, 3) : new Set()))
  const [lit, setLit] = useState('')
  const selected = useMemo(() => rows.findIndex((row) => row.key === state.span), [rows, state.span])
  const collapsed = useMemo(() => (selected < 0 ? folded : reveal(rows, folded, selected)), [rows, folded, selected])
  const window = useMemo(() => windowOf(parseZoom(state.zoom), durationNs), [state.zoom, durationNs])
  const sought = useDeferredValue(state.q)
  const found = useMemo(() => (sought.trim() === '' ? null : new Set(findSpans(rows, sought))), [rows, sought])

  const move = useCallback(
    ({ row, collapsed: next }: Position) => {
      setFolded(next)
      const key = rows[row]?.key
      if (key !== undefined) setState({ span: key })
    },
    [rows, setState],
  )
  const zoom = (from: number, to: number) => setState({ zoom: parseZoom(formatZoom(from, to)) === null ? '' : formatZoom(from, to) })
  usePathKeys((step) => {
    const key = rows[nextOnPath(rows, path, selected, step)]?.key
    if (key !== undefined) setState({ span: key })
  })
  // details stay open when their row is not shown
  const detailed = useMemo(() => model.rows.findIndex((each) => each.key === state.span), [model.rows, state.span])
  const row = model.rows[detailed]
  return (
    <div className="relative flex min-h-0 flex-1">
      <section className="flex min-w-0 flex-1 flex-col bg-surface [--name-w:160px] phone:[--name-w:220px] wide:[--name-w:340px]">
        <PathBar
          model={model}
          lit={lit}
          only={state.critical}
          onLight={setLit}
          onSelect={(span) => setState({ span })}
          onOnly={(critical) => setState({ critical })}
        />
        <ServiceBar model={model} onFind={(service) => setState({ q: state.q === service ? '' : service })} active={state.q} />
        <Minimap model={model} window={window} onZoom={zoom} />
        <TimeRuler window={window} zoomed={state.zoom !== ''} onReset={() => setState({ zoom: '' })} />
        <Waterfall model={model} rows={rows} lit={lit} onLight={setLit} window={window} collapsed={collapsed} selected={selected} found={found} onMove={move} />
        <Foot />
      </section>
      {row !== undefined && <SpanPanel key={row.key} model={model} row={row} index={detailed} onClose={() => setState({ span: '' })} />}
    </div>
  )
}

function Foot() {
  const t = useTranslations('trace')
  return (
    <div className="flex flex-none flex-wrap items-center gap-x-3 gap-y-1 border-t border-line px-3 py-[7px] text-11 text-t2">
      <span>{t('selfTime')}</span>
      <span className="inline-flex items-center gap-1.5">
        <i className="h-0.5 w-4 bg-t1" /> {t('criticalPath')}
      </span>
      <span className="ml-auto hidden items-center gap-1 text-t3 wide:flex">
        <kbd>↑</kbd> <kbd>↓</kbd> {t('keySpan')} <kbd className="ml-2">←</kbd> <kbd>→</kbd> {t('keyFold')} <kbd className="ml-2">c</kbd> {t('keyPath')}{' '}
        <kbd className="ml-2">/</kbd> {t('keyFind')}
      </span>
    </div>
  )
}
