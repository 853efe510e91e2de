'use client'
import { useTranslations } from 'next-intl'
import { useMemo, useRef } from 'react'
import { useFormat } from '../format/use-format.ts'
import { READABLE } from './readable.ts'
import { nsText } from './span-duration.ts'
import type { TraceModel } from './trace-model.ts'
import { blocksOf, mostOfPath, nameOf } from './trace-path.ts'
import { useWidth } from '../ui/use-width.ts'

/** A block wider than this says how long it is, a wide one also what it is. */
const LABEL_PX = 60
const NAME_PX = 150
/** Sections narrower than this are drawn together. */
const LEAST_PX = 2
/** Gaps are drawn while a block takes this much on average. */
const GAPS_PX = 8

export interface PathBarProps {
  model: TraceModel
  /** Key of the row under the pointer, '' for none. */
  lit: string
  onLight: (key: string) => void
  onSelect: (key: string) => void
}

/** The critical path from left to right. The tree says the same of every row; `c` goes along it without a pointer. */
export function PathBar({ model, lit, onLight, onSelect }: PathBarProps) {
  const t = useTranslations('trace')
  const format = useFormat()
  const bar = useRef<HTMLDivElement>(null)
  const widthPx = useWidth(bar)
  const blocks = useBlocks(model, widthPx)
  const { path } = model
  if (path.sections.length === 0) return null
  return (
    <section aria-label={t('criticalPath')} className="flex-none border-b border-line px-3 pt-[9px] pb-2.5">
      <div className="mb-[7px] flex items-center gap-2.5">
        <h2 className="text-12 whitespace-nowrap">
          {t('criticalPath')} {nsText(path.durationNs, format)}
        </h2>
        <PathSummary model={model} />
      </div>
      <div
        ref={bar}
        className={`flex h-[22px] overflow-hidden rounded-2 bg-sunken ${blocks.length * GAPS_PX < widthPx ? 'gap-px' : ''}`}
        aria-hidden="true"
        onPointerLeave={() => onLight('')}
      >
        {blocks.map(({ key, startNs, length, color, label, title }) => (
          <div
            key={startNs}
            title={title}
            onPointerEnter={() => onLight(key)}
            onClick={() => onSelect(key)}
            className="min-w-px basis-0 cursor-pointer truncate text-center text-10 leading-[22px] font-semibold"
            style={{
              flexGrow: length,
              paddingInline: label === '' ? 0 : 4,
              ['--block' as string]: lit !== '' && lit !== key ? faded(color) : color,
              background: 'var(--block)',
              color: READABLE,
            }}
          >
            {label}
          </div>
        ))}
      </div>
    </section>
  )
}

/** Mixed with the surface rather than see-through, so that the label stays readable on it. */
const faded = (color: string): string => `color-mix(in srgb, ${color} 35%, var(--surface))`

interface Block {
  key: string
  startNs: number
  length: number
  color: string
  /** '' where none fits. */
  label: string
  title: string
}

/** The blocks of a bar so wide, with their words: these are kept, since the bar is drawn again for every row the pointer enters. */
function useBlocks(model: TraceModel, widthPx: number): readonly Block[] {
  const t = useTranslations('trace')
  const format = useFormat()
  return useMemo(() => {
    const { path } = model
    const rows = new Map(model.rows.map((row) => [row.key, row]))
    return blocksOf(path.sections, (LEAST_PX * path.durationNs) / Math.max(1, widthPx)).map(({ key, startNs, endNs, sections }) => {
      const length = endNs - startNs
      const blockPx = (length / path.durationNs) * widthPx
      const span = rows.get(key)?.span
      const words = { span: nameOf(span), time: nsText(length, format), share: format.text(format.share(length / path.durationNs, 1)) }
      return {
        key,
        startNs,
        length,
        color: model.colors.get(span?.service ?? '') ?? 'var(--unknown)',
        label: blockPx > NAME_PX ? `${words.span} ${words.time}` : blockPx > LABEL_PX ? words.time : '',
        title: sections > 1 ? t('pathShort', { ...words, count: sections }) : t('pathSection', words),
      }
    })
  }, [model, widthPx, t, format])
}

/** What takes most of the path, and whose path it is when the trace has several roots. */
function PathSummary({ model }: { model: TraceModel }) {
  const t = useTranslations('trace')
  const format = useFormat()
  const { rows, path } = model
  const most = useMemo(() => mostOfPath(rows, path), [rows, path])
  const roots = useMemo(() => rows.filter((row) => row.depth === 0).length, [rows])
  const root = useMemo(() => rows.find((row) => row.key === path.root), [rows, path])
  return (
    <p className="truncate text-11 text-t2">
      {roots > 1 && t('pathOf', { span: nameOf(root?.span), count: roots })}{' '}
      {t('pathMost', { ...most, time: nsText(most.ownNs, format), share: format.text(format.share(most.ownNs / path.durationNs, 1)) })}
    </p>
  )
}
