'use client'
import type { TopologyFramesAnswer } from '@skein/schemas/api/topology-frames'
import { useTranslations } from 'next-intl'
import { useEffect, useMemo, useRef, useState } from 'react'
import type { Answer } from '../api/use-answer.ts'
import { useFormat } from '../format/use-format.ts'
import { Button } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { frameAt, stripLines } from './frame-picture.ts'
import { StripChart, type StripLine } from './strip-chart.tsx'
import { type MapState, minuteOf, type SetMapState } from './url.ts'
import type { MapView } from './use-map-view.ts'

const PLAY_MS = 700

export interface TimeStripProps {
  view: MapView
  frames: Answer<TopologyFramesAnswer>
  state: MapState
  set: SetMapState
}

/** Time travel: the window minute by minute, with what was changed when. Play, step, or drag the handle; empty means the whole window. */
export function TimeStrip({ view, frames, state, set }: TimeStripProps) {
  const t = useTranslations('map.time')
  const { data } = frames
  if (data === undefined) {
    const start = () => set({ at: view.answer.window.start })
    return (
      <div className="flex h-9 flex-none items-center gap-2 border-t border-line bg-surface px-3 text-t2">
        {frames.isError ? (
          <span>{t('away')}</span>
        ) : frames.fetchStatus === 'idle' ? (
          <Button onClick={start}>{t('travel')}</Button>
        ) : (
          <span>{t('loading')}</span>
        )}
      </div>
    )
  }
  return data.frames.length === 0 ? null : <Strip data={data} view={view} state={state} set={set} />
}

function Strip({ data, view, state, set }: Omit<TimeStripProps, 'frames'> & { data: TopologyFramesAnswer }) {
  const t = useTranslations('map.time')
  const format = useFormat()
  const at = frameAt(data, minuteOf(state.at) ?? Number.NaN)
  const go = (index: number, history: 'push' | 'replace' = 'replace') => {
    const frame = data.frames[Math.min(data.frames.length - 1, Math.max(0, index))]
    if (frame !== undefined) set({ at: frame.time }, history)
  }
  const { playing, setPlaying } = usePlay({ at, count: data.frames.length, go })
  const lines = useStripLines(data, view, state.edge)
  const shown = data.frames[at]
  const startMs = shown === undefined ? null : Date.parse(shown.time)
  const press = () => {
    if (!playing && (at < 0 || at >= data.frames.length - 1)) go(0, 'push')
    setPlaying(!playing)
  }
  return (
    <section aria-label={t('label')} className="flex h-[94px] flex-none border-t border-line bg-surface">
      <div className="flex w-[142px] flex-none flex-col gap-1.5 border-r border-line px-3 py-2.5">
        <div className="flex gap-1.5">
          <Button
            small
            square
            look={playing ? 'outline' : 'primary'}
            aria-label={t(playing ? 'pause' : 'play')}
            title={t(playing ? 'pause' : 'play')}
            onClick={press}
          >
            <Icon name={playing ? 'pause' : 'play'} size={12} />
          </Button>
          <Button
            small
            square
            aria-label={t('back')}
            title={t('back')}
            disabled={at === 0}
            onClick={() => go(at < 0 ? data.frames.length - 1 : at - 1, at < 0 ? 'push' : 'replace')}
          >
            <Icon name="left" size={12} />
          </Button>
          <Button small square aria-label={t('forward')} title={t('forward')} disabled={at < 0 || at >= data.frames.length - 1} onClick={() => go(at + 1)}>
            <Icon name="right" size={12} />
          </Button>
        </div>
        <div className="text-13 leading-tight font-semibold whitespace-nowrap">
          {startMs === null ? t('window') : `${format.clock(startMs)} – ${format.clock(startMs + data.stepSeconds * 1000)}`}
        </div>
        {startMs === null ? (
          <span className="truncate text-11 text-t3">{t('hint')}</span>
        ) : (
          <button type="button" onClick={() => set({ at: '' })} className="self-start text-11 text-accent-text hover:underline">
            {t('leave')}
          </button>
        )}
      </div>
      <StripChart data={data} lines={lines} at={at} onGo={go} />
    </section>
  )
}

/** Steps forward while it plays; stops at the end, and when the page is left. */
function usePlay({ at, count, go }: { at: number; count: number; go: (index: number) => void }) {
  const [playing, setPlaying] = useState(false)
  const latest = useRef({ at, count, go })
  useEffect(() => {
    latest.current = { at, count, go }
  })
  useEffect(() => {
    if (!playing) return undefined
    const timer = setInterval(() => {
      const now = latest.current
      if (now.at >= now.count - 1) setPlaying(false)
      else now.go(now.at + 1)
    }, PLAY_MS)
    return () => clearInterval(timer)
  }, [playing])
  return { playing, setPlaying }
}

/** Edges from users; where no call comes from outside, those of nodes that nobody calls. */
function entryEdges({ nodes, edges }: Pick<MapView['answer'], 'nodes' | 'edges'>): Set<string> {
  const clients = new Set(nodes.filter((node) => node.kind === 'client').map((node) => node.id))
  const called = new Set(edges.map((edge) => edge.target))
  const first = edges.filter((edge) => (clients.size > 0 ? clients.has(edge.source) : !called.has(edge.source)))
  return new Set(first.map((edge) => edge.id))
}

/** The slowest entry for orientation, and the selected edge. */
function useStripLines(data: TopologyFramesAnswer, { answer }: MapView, edgeId: string): StripLine[] {
  const t = useTranslations('map.time')
  return useMemo(() => {
    const names = new Map(answer.nodes.map((node) => [node.id, node]))
    const entries = entryEdges(answer)
    const lines: StripLine[] = [{ id: 'entry', label: t('entry'), values: stripLines(data, entries) }]
    const edge = answer.edges.find(({ id }) => id === edgeId)
    if (edge === undefined) return lines
    const label = `${names.get(edge.source)?.name ?? ''} → ${names.get(edge.target)?.name ?? ''} p95`
    return [...lines, { id: 'edge', label, values: stripLines(data, new Set([edge.id])) }]
  }, [data, answer, edgeId, t])
}
