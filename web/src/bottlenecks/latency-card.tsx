'use client'
import type { BottlenecksAnswer, LatencyBand } from '@skein/schemas/api/bottlenecks'
import { useTranslations } from 'next-intl'
import { useFormat } from '../format/use-format.ts'
import { Card } from '../ui/card.tsx'
import type { Band } from './matrix.ts'

const BAND_COLORS = ['var(--seq-2)', 'var(--seq-3)', 'var(--seq-4)', 'var(--seq-6)'] as const
/** What a click on a bar of each column of the matrix asks for. */
const BAND_OF_COLUMN: readonly LatencyBand[] = ['all', 'p50', 'p90', 'p99']
const TICKS_MS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 60_000, 300_000, 3_600_000]

export interface LatencyCardProps {
  answer: BottlenecksAnswer
  busy: boolean
  onBand: (band: LatencyBand) => void
}

/** How long the traces of the entry take, on a log scale, with where its percentiles lie. A click on a bar chooses its band. */
export function LatencyCard({ answer, busy, onBand }: LatencyCardProps) {
  const t = useTranslations('bottlenecks.latency')
  const { latency, entry } = answer
  const first = latency[0]
  const last = latency.at(-1)
  if (first === undefined || last === undefined || entry === null) return null
  const compared = latency.some(({ baselineTraces }) => baselineTraces !== null)
  return (
    <Card
      title={t('title')}
      sub={t('sub')}
      busy={busy}
      className="flex-none"
      end={compared ? <Legend label={answer.baseline?.kind === 'release' ? answer.baseline.label : t('baseline')} /> : undefined}
    >
      <div className="relative mx-3 mb-2 h-[124px]">
        <Bars latency={latency} bands={answer.bands} onBand={onBand} />
        <Most count={mostOf(latency)} aside={scaleOf(first.fromMs, last.toMs)(entry.p50Ms ?? last.toMs) < 0.15} />
        {compared && <BaselineLine latency={latency} />}
        <Percentiles entry={entry} scale={scaleOf(first.fromMs, last.toMs)} />
        <Ticks fromMs={first.fromMs} toMs={last.toMs} />
      </div>
    </Card>
  )
}

function Legend({ label }: { label: string }) {
  return (
    <span className="flex items-center gap-1.5 text-11 text-t2">
      <i aria-hidden="true" className="w-4 border-t border-dashed border-t2" />
      {label}
    </span>
  )
}

/** Share of the width at which a duration stands. */
type Scale = (ms: number) => number

function scaleOf(fromMs: number, toMs: number): Scale {
  const low = Math.log(Math.max(fromMs, 0.0005))
  const high = Math.log(Math.max(toMs, 0.001))
  return (ms) => (Math.log(Math.max(ms, 0.0005)) - low) / Math.max(high - low, 1e-9)
}

function Bars({ latency, bands, onBand }: { latency: BottlenecksAnswer['latency']; bands: readonly Band[]; onBand: (band: LatencyBand) => void }) {
  const t = useTranslations('bottlenecks.latency')
  const format = useFormat()
  const most = mostOf(latency)
  return (
    <div role="group" aria-label={t('title')} className="absolute inset-x-0 top-4 bottom-[18px] flex items-end border-b border-axis">
      {latency.map(({ fromMs, toMs, traces }) => {
        const column = Math.max(
          0,
          bands.findLastIndex((band) => band.traces > 0 && band.fromMs <= fromMs + 1e-9),
        )
        const title = t('bar', { from: format.text(format.duration(fromMs)), to: format.text(format.duration(toMs)), traces: format.integer(traces) })
        return (
          <button
            key={fromMs}
            type="button"
            tabIndex={-1}
            title={title}
            aria-label={title}
            onClick={() => onBand(BAND_OF_COLUMN[column] ?? 'p99')}
            className="group flex h-full flex-1 items-end px-[0.5px] hover:bg-hover"
          >
            <i className="block w-full" style={{ height: `${(traces / most) * 100}%`, minHeight: traces > 0 ? 1 : 0, background: BAND_COLORS[column] }} />
          </button>
        )
      })}
    </div>
  )
}

/** How many traces the highest bar stands for, on a line at its top; at the right where the mark of p50 takes the left. */
function Most({ count, aside }: { count: number; aside: boolean }) {
  const t = useTranslations('bottlenecks.latency')
  return (
    <span className="pointer-events-none absolute inset-x-0 top-4 border-t border-grid">
      <span className={`absolute -top-3.5 text-10 leading-3 text-t3 ${aside ? 'right-0' : 'left-0'}`}>{t('most', { count })}</span>
    </span>
  )
}

function BaselineLine({ latency }: { latency: BottlenecksAnswer['latency'] }) {
  const total = latency.reduce((sum, { traces }) => sum + traces, 0)
  const base = latency.reduce((sum, { baselineTraces }) => sum + (baselineTraces ?? 0), 0)
  if (base === 0) return null
  // a baseline of fewer traces has the same area: what counts is its shape
  const factor = total === 0 ? 1 : total / base
  const most = mostOf(latency)
  const points = latency.map(
    ({ baselineTraces }, at) => `${((at + 0.5) / latency.length) * 100},${100 - Math.min(100, (((baselineTraces ?? 0) * factor) / most) * 100)}`,
  )
  return (
    <svg aria-hidden="true" className="pointer-events-none absolute inset-x-0 top-4 h-[90px] w-full" viewBox="0 0 100 100" preserveAspectRatio="none">
      <polyline points={points.join(' ')} fill="none" stroke="var(--text-2)" strokeWidth={1.4} strokeDasharray="4 3" vectorEffect="non-scaling-stroke" />
    </svg>
  )
}

function mostOf(latency: BottlenecksAnswer['latency']): number {
  return latency.reduce((most, { traces }) => Math.max(most, traces), 1)
}

function Percentiles({ entry, scale }: { entry: NonNullable<BottlenecksAnswer['entry']>; scale: Scale }) {
  const format = useFormat()
  const marks = [
    ['p50', entry.p50Ms],
    ['p95', entry.p95Ms],
    ['p99', entry.p99Ms],
  ] as const
  let nextFree = -1
  let line = 0
  return marks.map(([name, ms]) => {
    if (ms === null) return null
    const at = scale(ms)
    line = at < nextFree ? line + 1 : 0
    nextFree = at + 0.09
    const right = at > 0.88
    return (
      <span key={name} className="pointer-events-none absolute top-0 bottom-[18px] border-l border-t1" style={{ left: `${at * 100}%` }}>
        <span className={`absolute bg-surface/80 text-10 leading-3 font-semibold whitespace-nowrap ${right ? 'right-1' : 'left-1'}`} style={{ top: line * 12 }}>
          {name} {format.text(format.duration(ms))}
        </span>
      </span>
    )
  })
}

/** Round durations below the bars, both ends labelled. */
function Ticks({ fromMs, toMs }: { fromMs: number; toMs: number }) {
  const format = useFormat()
  const scale = scaleOf(fromMs, toMs)
  const ticks = TICKS_MS.filter((ms) => scale(ms) > 0.06 && scale(ms) < 0.94)
  const text = 'absolute bottom-0 text-10 whitespace-nowrap text-t3'
  return (
    <div aria-hidden="true">
      <span className={`${text} left-0`}>{format.text(format.duration(fromMs))}</span>
      {ticks.map((ms) => (
        <span key={ms} className={`${text} -translate-x-1/2`} style={{ left: `${scale(ms) * 100}%` }}>
          {format.text(format.duration(ms))}
        </span>
      ))}
      <span className={`${text} right-0`}>{format.text(format.duration(toMs))}</span>
    </div>
  )
}
