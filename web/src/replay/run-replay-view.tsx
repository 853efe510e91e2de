'use client'
import type { ReplayEvent, RunReplay } from '@skein/schemas/api/replay'
import { useTranslations } from 'next-intl'
import { useMemo } from 'react'
import { useFormat } from '../format/use-format.ts'
import { HealthMark } from '../ui/health-mark.tsx'
import { ViewLink } from '../ui/view-link.tsx'
import { PlayBar } from './play-bar.tsx'
import { type DrawnEdge, ReplayPicture } from './replay-picture.tsx'
import { FramesTable } from './frames-table.tsx'
import { edgeMoments, eventFrames } from './run-scene.ts'
import { StepWaterfall } from './step-waterfall.tsx'
import { usePlayback } from './use-playback.ts'

export interface ReplayViewProps<Replay> {
  replay: Replay
  /** Index of the frame shown. */
  at: number
  view: 'map' | 'table'
  onFrame: (at: number) => void
}

/** What a viewer lived at the left, the edges that light up at the right, the trace of the event below. */
export function RunReplayView({ replay, at, view, onFrame }: ReplayViewProps<RunReplay>) {
  const t = useTranslations('replay')
  const format = useFormat()
  const offsets = useMemo(() => replay.frames.map((frame) => frame.offsetMs), [replay])
  const playback = usePlayback({ offsets, at, onFrame })
  const drawn = useDrawnEdges(replay, at)
  const { event } = eventFrames(replay, at)
  const current = replay.events[event]
  const frame = replay.frames[at]
  if (current === undefined) return <p className="p-3 text-t2">{t('noEvents')}</p>
  const atMs = Date.parse(replay.start) + (frame?.offsetMs ?? current.offsetMs)
  return (
    <div className="flex min-h-0 flex-1 flex-col wide:flex-row">
      <Events replay={replay} event={event} onFrame={onFrame} />
      <section aria-label={t('whatHappened')} className="flex min-h-0 min-w-0 flex-1 flex-col">
        <Head event={current} />
        <div className="relative min-h-[220px] flex-1 overflow-hidden border-y border-line">
          {view === 'map' ? (
            <ReplayPicture nodes={replay.nodes} edges={replay.edges} drawn={drawn} />
          ) : (
            <FramesTable replay={replay} at={at} onFrame={onFrame} />
          )}
        </div>
        <PlayBar
          playback={playback}
          at={at}
          count={replay.frames.length}
          onFrame={onFrame}
          moment={`${format.clockSeconds(atMs)}.${String(Math.floor(atMs) % 1000).padStart(3, '0')}`}
          end={
            <ViewLink path="/trace" parameters={{ id: current.traceId, span: frame?.spanId ?? '' }}>
              {t('openTrace')}
            </ViewLink>
          }
        />
        <StepWaterfall
          key={current.traceId}
          traceId={current.traceId}
          aroundMs={Date.parse(replay.start) + current.offsetMs}
          spanId={frame?.spanId ?? current.spanId}
        />
      </section>
    </div>
  )
}

function useDrawnEdges(replay: RunReplay, at: number): ReadonlyMap<string, DrawnEdge> {
  const t = useTranslations('replay')
  const format = useFormat()
  return useMemo(
    () =>
      new Map(
        [...edgeMoments(replay, at)].map(([id, { state, numbers, frame }]) => {
          const usual = frame?.cohortP50Ms == null ? '' : ` ${t('p50', { value: format.text(format.duration(frame.cohortP50Ms)) })}`
          return [id, { look: state, mark: numbers.join(' · '), text: frame === null ? '' : `${format.text(format.duration(frame.latencyMs))}${usual}` }]
        }),
      ),
    [replay, at, t, format],
  )
}

function Head({ event }: { event: ReplayEvent }) {
  const t = useTranslations('replay')
  return (
    <div className="flex flex-none flex-wrap items-center gap-x-3 gap-y-1 bg-surface px-3 py-2">
      <h2>{event.step === null ? event.name : t('step', { name: event.step })}</h2>
      <span className="ml-auto flex flex-wrap gap-3 text-11 text-t2" aria-hidden="true">
        <Key color="var(--accent)" text={t('legend.done')} />
        <Key color="var(--bad)" text={t('legend.slow')} />
        <Key color="var(--border-strong)" dashed text={t('legend.waits')} />
      </span>
    </div>
  )
}

function Key({ color, text, dashed = false }: { color: string; text: string; dashed?: boolean }) {
  return (
    <span className="inline-flex items-center gap-1.5 whitespace-nowrap">
      <i className={`inline-block w-3.5 border-t-2 ${dashed ? 'border-dashed' : ''}`} style={{ borderColor: color }} /> {text}
    </span>
  )
}

const HEALTH = { ok: 'ok', slow: 'degraded', error: 'bad' } as const

function Events({ replay, event, onFrame }: { replay: RunReplay; event: number; onFrame: (at: number) => void }) {
  const t = useTranslations('replay')
  const format = useFormat()
  return (
    <section
      aria-label={t('lived')}
      className="flex max-h-[34%] min-h-0 flex-none flex-col border-line bg-surface wide:max-h-none wide:w-[340px] wide:border-r"
    >
      <div className="flex flex-none items-baseline justify-between gap-2 px-3 py-2">
        <h2>{t('lived')}</h2>
        <span className="text-11 text-t3">
          {format.text(format.duration(replay.durationMs))} · {t('events', { count: replay.events.length })}
        </span>
      </div>
      <ol className="m-0 min-h-0 flex-1 list-none overflow-auto p-0">
        {replay.events.map((one, at) => (
          <li key={`${one.traceId} ${one.spanId}`}>
            <button
              type="button"
              aria-current={at === event ? 'step' : undefined}
              disabled={one.frame === null}
              onClick={() => onFrame(one.frame ?? 0)}
              className="flex w-full items-center gap-2 border-t border-line px-3 py-1.5 text-left hover:bg-hover aria-[current]:bg-selected"
            >
              <span className="mono flex-none text-t3">{format.clockSeconds(Date.parse(replay.start) + one.offsetMs)}</span>
              <HealthMark health={HEALTH[one.status]} size={10} />
              <span className={`min-w-0 flex-1 truncate ${one.kind === 'step' ? 'font-semibold' : ''}`} title={`${one.service} ${one.name}`}>
                {one.step ?? one.name}
              </span>
              <span className="flex-none text-t2">{format.text(format.duration(one.durationMs))}</span>
            </button>
          </li>
        ))}
      </ol>
    </section>
  )
}
