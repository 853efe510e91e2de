'use client'
import type { CohortReplay } from '@skein/schemas/api/replay'
import { useTranslations } from 'next-intl'
import { useMemo } from 'react'
import { useFormat } from '../format/use-format.ts'
import { DataTable } from '../ui/data-table.tsx'
import { HealthMark } from '../ui/health-mark.tsx'
import type { TableColumn } from '../ui/table-column.ts'
import { PlayBar } from './play-bar.tsx'
import { type DrawnEdge, ReplayPicture } from './replay-picture.tsx'
import type { ReplayViewProps } from './run-replay-view.tsx'
import { usePlayback } from './use-playback.ts'

type Frame = CohortReplay['frames'][number]
type FrameEdge = Frame['edges'][number]

/** A group of runs minute by minute, its numbers against everybody's. */
export function CohortReplayView({ replay, at, view, onFrame }: ReplayViewProps<CohortReplay>) {
  const t = useTranslations('replay')
  const format = useFormat()
  // minutes are shown as evenly as they passed
  const offsets = useMemo(() => replay.frames.map((_, index) => index * 200), [replay])
  const playback = usePlayback({ offsets, at, onFrame })
  const frame = replay.frames[at]
  const drawn = useDrawnEdges(frame)
  if (frame === undefined) return <p className="p-3 text-t2">{t('noCohort', { key: replay.cohort.key, value: replay.cohort.value })}</p>
  return (
    <div className="flex min-h-0 flex-1 flex-col wide:flex-row">
      <Minutes replay={replay} at={at} onFrame={onFrame} />
      <section aria-label={t('whatHappened')} className="flex min-h-0 min-w-0 flex-1 flex-col">
        <div className="flex flex-none flex-wrap items-center gap-x-3 bg-surface px-3 py-2">
          <h2>
            {replay.cohort.key} {replay.cohort.value}
          </h2>
          <span className="text-11 text-t3">{t('againstEveryone', { count: frame.traces })}</span>
        </div>
        <div className="relative min-h-[220px] flex-1 overflow-hidden border-y border-line">
          {view === 'map' ? <ReplayPicture nodes={replay.nodes} edges={replay.edges} drawn={drawn} /> : <MinuteTable replay={replay} frame={frame} />}
        </div>
        <PlayBar playback={playback} at={at} count={replay.frames.length} onFrame={onFrame} moment={format.clock(Date.parse(frame.time))} />
      </section>
    </div>
  )
}

const LOOKS = { ok: 'done', slow: 'slow', error: 'error' } as const
const HEALTH = { ok: 'ok', slow: 'degraded', error: 'bad' } as const

function useDrawnEdges(frame: Frame | undefined): ReadonlyMap<string, DrawnEdge> {
  const t = useTranslations('replay')
  const format = useFormat()
  return useMemo(
    () =>
      new Map(
        (frame?.edges ?? []).map((edge) => {
          const everyone = edge.everyoneP50Ms === null ? '' : ` ${t('everyone', { value: format.text(format.duration(edge.everyoneP50Ms)) })}`
          return [edge.edge, { look: LOOKS[edge.state], mark: format.integer(edge.calls), text: `${format.text(format.duration(edge.p50Ms))}${everyone}` }]
        }),
      ),
    [frame, t, format],
  )
}

function worstOf(frame: Frame): FrameEdge['state'] {
  return frame.edges.some(({ state }) => state === 'error') ? 'error' : frame.edges.some(({ state }) => state === 'slow') ? 'slow' : 'ok'
}

function Minutes({ replay, at, onFrame }: { replay: CohortReplay; at: number; onFrame: (at: number) => void }) {
  const t = useTranslations('replay')
  const format = useFormat()
  return (
    <section
      aria-label={t('minutes')}
      className="flex max-h-[34%] min-h-0 flex-none flex-col border-line bg-surface wide:max-h-none wide:w-[340px] wide:border-r"
    >
      <h2 className="px-3 py-2">{t('minutes')}</h2>
      <ol className="m-0 min-h-0 flex-1 list-none overflow-auto p-0">
        {replay.frames.map((frame, index) => (
          <li key={frame.time}>
            <button
              type="button"
              aria-current={index === at ? 'step' : undefined}
              onClick={() => onFrame(index)}
              className="flex w-full items-center gap-2 border-t border-line px-3 py-1.5 text-left hover:bg-hover aria-[current]:bg-selected"
            >
              <span className="mono text-t3">{format.clock(Date.parse(frame.time))}</span>
              <HealthMark health={HEALTH[worstOf(frame)]} size={10} />
              <span className="text-t2">{t('traces', { count: frame.traces })}</span>
            </button>
          </li>
        ))}
      </ol>
      {replay.notes.map((note) => (
        <p key={note.code} className="flex-none border-t border-line px-3 py-2 text-11 text-t3">
          {t('lookedAt', { count: note.count })}
        </p>
      ))}
    </section>
  )
}

function MinuteTable({ replay, frame }: { replay: CohortReplay; frame: Frame }) {
  const t = useTranslations('replay')
  const format = useFormat()
  const columns = useMemo((): readonly TableColumn<FrameEdge>[] => {
    const names = new Map(replay.nodes.map((node) => [node.id, node.name]))
    const edges = new Map(replay.edges.map((edge) => [edge.id, edge]))
    const duration = (ms: number | null) => (ms === null ? '–' : format.text(format.duration(ms)))
    const from = (row: FrameEdge) => names.get(edges.get(row.edge)?.source ?? '') ?? ''
    const to = (row: FrameEdge) => names.get(edges.get(row.edge)?.target ?? '') ?? ''
    return [
      { id: 'state', header: t('column.state'), mark: true, value: (row) => row.state, cell: (row) => <HealthMark health={HEALTH[row.state]} size={10} /> },
      { id: 'from', header: t('column.from'), value: from, cell: from },
      { id: 'to', header: t('column.to'), value: to, cell: (row) => <b className="font-medium">{to(row)}</b> },
      { id: 'calls', header: t('column.calls'), numeric: true, value: (row) => row.calls, cell: (row) => format.integer(row.calls) },
      { id: 'errors', header: t('column.errors'), numeric: true, value: (row) => row.errors, cell: (row) => format.integer(row.errors) },
      { id: 'p50', header: t('column.cohortP50'), numeric: true, value: (row) => row.p50Ms, cell: (row) => duration(row.p50Ms) },
      { id: 'everyone', header: t('column.p50'), numeric: true, value: (row) => row.everyoneP50Ms, cell: (row) => duration(row.everyoneP50Ms) },
    ]
  }, [t, format, replay])
  return <DataTable label={t('frames')} className="h-full bg-surface" rows={frame.edges} columns={columns} rowId={(row) => row.edge} />
}
