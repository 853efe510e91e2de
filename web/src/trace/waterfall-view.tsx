'use client'
import { useTranslations } from 'next-intl'
import { useCallback, useMemo, useState } from 'react'
import { Button } from '../ui/button.tsx'
import { partStyle } from './bar-look.ts'
import type { PartLook } from './bar-parts.ts'
import { Minimap } from './minimap.tsx'
import { PathBar } from './path-bar.tsx'
import { ServiceBar } from './service-bar.tsx'
import type { SpanRow } from './span-row.ts'
import { TimeRuler } from './time-ruler.tsx'
import { formatZoom, parseZoom, windowOf } from './time-scale.ts'
import type { TraceModel } from './trace-model.ts'
import { nextOnPath, offPath } from './trace-path.ts'
import type { TraceState } from './url.ts'
import { usePathKeys } from './use-path-keys.ts'
import { foldable, type Position, reveal } from './visible-rows.ts'
import { Waterfall } from './waterfall.tsx'

export interface WaterfallViewProps {
  model: TraceModel
  rows: readonly SpanRow[]
  found: ReadonlySet<string> | null
  state: TraceState
  setState: (state: Partial<TraceState>) => void
}

const NONE: ReadonlySet<string> = new Set()

/** The waterfall with everything that steers it. */
export function WaterfallView({ model, rows, found, state, setState }: WaterfallViewProps) {
  const { durationNs, path } = model
  const [folded, setFolded] = useState(NONE)
  const [lit, setLit] = useState('')
  const selected = useMemo(() => rows.findIndex((row) => row.key === state.span), [rows, state.span])
  const collapsed = useMemo(() => (selected < 0 ? folded : reveal(rows, folded, selected)), [rows, folded, selected])
  const window = useMemo(() => windowOf(parseZoom(state.zoom), durationNs), [state.zoom, durationNs])

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
  return (
    <>
      <PathBar model={model} lit={lit} onLight={setLit} onSelect={(span) => setState({ span })} />
      <ServiceBar model={model} onFind={(q) => setState({ q: state.q === q ? '' : q })} active={state.q} />
      <Minimap model={model} window={window} onZoom={zoom} />
      <TimeRuler window={window} zoomed={state.zoom !== ''} onReset={() => setState({ zoom: '' })} />
      <Waterfall
        model={model}
        rows={rows}
        lit={lit}
        onLight={setLit}
        window={window}
        collapsed={collapsed}
        selected={selected}
        found={found}
        onMove={move}
        onOpen={focusDetails}
      />
      <Foot model={model} rows={rows} onFold={setFolded} />
    </>
  )
}

/** The details of the selected span, for the keyboard. */
function focusDetails(): void {
  document.querySelector<HTMLElement>('#main aside button')?.focus()
}

interface FootProps {
  model: TraceModel
  rows: readonly SpanRow[]
  onFold: (keys: ReadonlySet<string>) => void
}

const LOOKS = ['work', 'network', 'client', 'queue', 'late'] as const satisfies readonly PartLook[]

/** What the bars mean, and what folds them. */
function Foot({ model, rows, onFold }: FootProps) {
  const t = useTranslations('trace')
  return (
    <div className="flex flex-none flex-wrap items-center gap-x-3 gap-y-1 border-t border-line px-3 py-[5px] text-11 text-t2">
      {LOOKS.map((look) => (
        <span key={look} className="inline-flex items-center gap-1.5 whitespace-nowrap">
          <i className={`h-2.5 rounded-[2px] ${look === 'work' ? 'w-2.5' : 'w-5'}`} style={partStyle(look, 'var(--cat-1)')} /> {t(`legend.${look}`)}
        </span>
      ))}
      <span className="inline-flex items-center gap-1.5 whitespace-nowrap">
        <i className="h-0.5 w-4 bg-t1" /> {t('criticalPath')}
      </span>
      <span className="ml-auto flex items-center gap-1">
        <span className="hidden items-center gap-1 text-t3 wide:flex">
          <kbd>↑</kbd> <kbd>↓</kbd> {t('keySpan')} <kbd className="ml-2">←</kbd> <kbd>→</kbd> {t('keyFold')} <kbd className="ml-2">c</kbd> {t('keyPath')}{' '}
          <kbd className="ml-2">/</kbd> {t('keyFind')}
        </span>
        <Button look="ghost" small onClick={() => onFold(NONE)}>
          {t('unfoldAll')}
        </Button>
        <Button look="ghost" small onClick={() => onFold(foldable(rows, 1))}>
          {t('foldAll')}
        </Button>
        {model.path.rows.size > 0 && (
          <Button look="ghost" small onClick={() => onFold(offPath(rows, model.path))}>
            {t('foldOffPath')}
          </Button>
        )}
      </span>
    </div>
  )
}
