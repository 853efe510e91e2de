'use client'
import { useTranslations } from 'next-intl'
import { type RefObject, useEffect, useMemo, useRef, useState } from 'react'
import { useFormat } from '../format/use-format.ts'
import { Button } from '../ui/button.tsx'
import { nsText } from './span-duration.ts'
import type { SpanRow } from './span-tree.ts'
import type { TraceModel } from './trace-model.ts'
import { blocksOf } from './trace-path.ts'

/** A block at least this wide says what it is. */
const LABEL_PX = 60
/** Sections narrower than this are drawn together. */
const LEAST_PX = 2

/** Black or white, whichever reads better on `--block`: their contrasts meet at a luminance of 0.179, where both are 4.6. */
const READABLE = 'color(from var(--block) xyz-d65 clamp(0, (0.179 - y) * 1e4, 0.9505) clamp(0, (0.179 - y) * 1e4, 1) clamp(0, (0.179 - y) * 1e4, 1.089))'

export interface PathBarProps {
  model: TraceModel
  /** Key of the row under the pointer, '' for none. */
  lit: string
  /** Only rows on the path are shown. */
  only: boolean
  onLight: (key: string) => void
  onSelect: (key: string) => void
  onOnly: (only: boolean) => void
}

/** The critical path from left to right. The tree says the same of every row; `c` goes along it without a pointer. */
export function PathBar({ model, lit, only, onLight, onSelect, onOnly }: PathBarProps) {
  const t = useTranslations('trace')
  const format = useFormat()
  const bar = useRef<HTMLDivElement>(null)
  const widthPx = useWidth(bar)
  const { path } = model
  const rows = useMemo(() => new Map(model.rows.map((row) => [row.key, row])), [model.rows])
  const blocks = useMemo(() => blocksOf(path.sections, (LEAST_PX * path.durationNs) / Math.max(1, widthPx)), [path, widthPx])
  if (path.sections.length === 0) return null
  const textOf = (ns: number): { time: string; share: string } => ({ time: nsText(ns, format), share: format.text(format.share(ns / path.durationNs, 1)) })
  return (
    <section aria-label={t('criticalPath')} className="flex-none border-b border-line px-3 pt-[9px] pb-2.5">
      <div className="mb-[7px] flex items-center gap-2.5">
        <h2 className="text-12 whitespace-nowrap">
          {t('criticalPath')} {nsText(path.durationNs, format)}
        </h2>
        <PathSummary model={model} rows={rows} textOf={textOf} />
        <span className="flex-1" />
        <Button small aria-pressed={only} onClick={() => onOnly(!only)}>
          {t('pathOnly')}
        </Button>
      </div>
      <div ref={bar} className="flex h-[22px] gap-px overflow-hidden rounded-2 bg-sunken" aria-hidden="true" onPointerLeave={() => onLight('')}>
        {blocks.map(({ key, startNs, endNs, sections }) => {
          const length = endNs - startNs
          const span = nameOf(rows.get(key))
          return (
            <div
              key={startNs}
              title={sections > 1 ? t('pathShort', { ...textOf(length), span, count: sections }) : t('pathSection', { ...textOf(length), span })}
              onPointerEnter={() => onLight(key)}
              onClick={() => onSelect(key)}
              className="min-w-px basis-0 cursor-pointer truncate px-1 text-center text-10 leading-[22px] font-semibold"
              style={{
                flexGrow: length,
                paddingInline: (length / path.durationNs) * widthPx > LABEL_PX ? 4 : 0,
                ['--block' as string]: model.colors.get(rows.get(key)?.span?.service ?? '') ?? 'var(--unknown)',
                background: 'var(--block)',
                color: READABLE,
                ...(lit !== '' && lit !== key ? { opacity: 0.35 } : {}),
              }}
            >
              {(length / path.durationNs) * widthPx > LABEL_PX && `${span} ${nsText(length, format)}`}
            </div>
          )
        })}
      </div>
    </section>
  )
}

interface PathSummaryProps {
  model: TraceModel
  rows: ReadonlyMap<string, SpanRow>
  textOf: (ns: number) => { time: string; share: string }
}

/** The span that takes most of the path, and whose path it is when the trace has several roots. */
function PathSummary({ model, rows, textOf }: PathSummaryProps) {
  const t = useTranslations('trace')
  const { path } = model
  const [most, { ownNs }] = [...path.rows].reduce((longest, row) => (row[1].ownNs > longest[1].ownNs ? row : longest), ['', { ownNs: 0, sections: [] }])
  const roots = model.rows.filter((row) => row.depth === 0).length
  return (
    <p className="truncate text-11 text-t2">
      {roots > 1 && t('pathOf', { span: nameOf(rows.get(path.root)), count: roots })} {t('pathMost', { ...textOf(ownNs), span: nameOf(rows.get(most)) })}
    </p>
  )
}

const nameOf = (row: SpanRow | undefined): string => (row?.span === null || row === undefined ? '' : `${row.span.service} ${row.span.name}`)

function useWidth(element: RefObject<HTMLElement | null>): number {
  const [widthPx, setWidthPx] = useState(0)
  useEffect(() => {
    const { current } = element
    if (current === null) return undefined
    const observer = new ResizeObserver(() => setWidthPx(current.clientWidth))
    observer.observe(current)
    return () => observer.disconnect()
  }, [element])
  return widthPx
}
