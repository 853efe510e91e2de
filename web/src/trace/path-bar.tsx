'use client'
import { useTranslations } from 'next-intl'
import { useMemo, useRef } from 'react'
import { useFormat } from '../format/use-format.ts'
import { READABLE } from './readable.ts'
import { nsText } from './span-duration.ts'
import type { TraceModel } from './trace-model.ts'
import type { RowWait, SpanRow } from './span-row.ts'
import { blocksOf, calleeOf, mostOfPath, nameOf } from './trace-path.ts'
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
        {blocks.map(({ key, startNs, length, color, waits, label, title }) => (
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
              background: waits ? HATCHED : 'var(--block)',
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

const HATCHED = 'repeating-linear-gradient(135deg, var(--block) 0 5px, color-mix(in srgb, var(--block) 84%, var(--surface)) 5px 8px)'

/** What a client's span on the path has of its own is no work; time in a queue lies before the span. */
const WAIT_COLORS: Readonly<Record<RowWait['kind'], string | undefined>> = { network: 'var(--time-network)', client: 'var(--time-wait)', queue: undefined }

function lookOf({ colors }: TraceModel, row: SpanRow | undefined): Pick<Block, 'color' | 'waits'> {
  const wait = row?.wait ?? null
  const waiting = wait === null ? undefined : WAIT_COLORS[wait.kind]
  return { color: waiting ?? colors.get(row?.span?.service ?? '') ?? 'var(--unknown)', waits: waiting !== undefined }
}

/** What a stretch of the path is: an operation, or the way to the one that was called. */
function wordsOf(t: ReturnType<typeof useTranslations<'trace'>>, rows: readonly SpanRow[], index: number): string {
  const row = rows[index]
  return row?.wait?.kind === 'network' ? t('pathNetwork', { from: row.span?.service ?? '', to: calleeOf(rows, index) }) : nameOf(row?.span)
}

interface Block {
  key: string
  startNs: number
  length: number
  color: string
  /** Time on the way or at a partner that sent no span: hatched. */
  waits: boolean
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
    const indexOf = new Map(model.rows.map((row, index) => [row.key, index]))
    return blocksOf(path.sections, (LEAST_PX * path.durationNs) / Math.max(1, widthPx)).map(({ key, startNs, endNs, sections }) => {
      const length = endNs - startNs
      const blockPx = (length / path.durationNs) * widthPx
      const index = indexOf.get(key) ?? -1
      const words = { span: wordsOf(t, model.rows, index), time: nsText(length, format), share: format.text(format.share(length / path.durationNs, 1)) }
      return {
        key,
        startNs,
        length,
        ...lookOf(model, model.rows[index]),
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
  const where = useMemo(() => wordsOf(t, rows, most.index), [t, rows, most])
  return (
    <p className="truncate text-11 text-t2">
      {roots > 1 && t('pathOf', { span: nameOf(root?.span), count: roots })}{' '}
      {t('pathMost', { span: where, count: most.count, time: nsText(most.ownNs, format), share: format.text(format.share(most.ownNs / path.durationNs, 1)) })}
    </p>
  )
}
