'use client'
import type { TopologyFramesAnswer } from '@skein/schemas/api/topology-frames'
import { useTranslations } from 'next-intl'
import { type KeyboardEvent, type PointerEvent, useContext, useRef } from 'react'
import { useFormat } from '../format/use-format.ts'
import { type ChartMarker, MarkersContext } from '../ui/chart-marker.ts'
import { placeMarkers } from '../ui/draw-markers.ts'
import { useWidth } from '../ui/use-width.ts'
import { movedByKey, stripPath, type StripScale, stripScale } from './strip-shape.ts'

const HEIGHT = 52
const TOP = 18
const LEFT = 56
const RIGHT = 14
/** Width of a letter of a marker's label, px; enough for the widest system font. */
const LETTER = 6.6

export interface StripLine {
  id: 'entry' | 'edge'
  label: string
  values: readonly (number | null)[]
}

export interface StripChartProps {
  data: TopologyFramesAnswer
  lines: readonly StripLine[]
  /** Which frame is shown; −1 for the window as a whole. */
  at: number
  onGo: (index: number, history: 'push' | 'replace') => void
}

/** The lines, the markers, and the handle: a slider for the keyboard, a surface to drag on for the pointer. */
export function StripChart({ data, lines, at, onGo }: StripChartProps) {
  const t = useTranslations('map.time')
  const format = useFormat()
  const box = useRef<HTMLDivElement>(null)
  const width = useWidth(box) - LEFT - RIGHT
  const scale = stripScale(Date.parse(data.frames[0]?.time ?? ''), data.frames.length, data.stepSeconds * 1000, Math.max(1, width))
  const indexOf = (timeMs: number): number => Math.round((timeMs - scale.startMs) / scale.stepMs)
  const atMs = scale.startMs + Math.max(0, at) * scale.stepMs
  // leaving the whole window is a step that back undoes; moving on is not
  const history = at < 0 ? 'push' : 'replace'
  const drag = (event: PointerEvent<HTMLElement>) => {
    const left = event.currentTarget.getBoundingClientRect().left + LEFT
    onGo(indexOf(scale.stepAt(event.clientX - left)), history)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const next = movedByKey({ key: event.key, far: event.shiftKey, atMs: at < 0 ? scale.endMs : atMs }, scale)
    if (next === null) return
    onGo(indexOf(next), history)
    event.preventDefault()
  }
  return (
    <div
      ref={box}
      role="slider"
      tabIndex={0}
      aria-label={t('minute')}
      aria-valuemin={0}
      aria-valuemax={data.frames.length - 1}
      aria-valuenow={Math.max(0, at)}
      aria-valuetext={at < 0 ? t('window') : format.clock(atMs)}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId)
        drag(event)
      }}
      onPointerMove={(event) => {
        if (event.buttons === 1) drag(event)
      }}
      className="min-w-0 flex-1 cursor-pointer touch-none focus-visible:-outline-offset-2"
    >
      {width > 0 && <Drawing lines={lines} scale={scale} width={width} atMs={at < 0 ? null : atMs} />}
    </div>
  )
}

interface DrawingProps {
  lines: readonly StripLine[]
  scale: StripScale
  width: number
  /** Start of the step that is shown. */
  atMs: number | null
}

function Drawing({ lines, scale, width, atMs }: DrawingProps) {
  const most = lines.reduce((high, line) => line.values.reduce<number>((top, value) => Math.max(top, value ?? 0), high), 0)
  return (
    <svg width={width + LEFT + RIGHT} height={92} aria-hidden="true" className="block">
      <g transform={`translate(${LEFT} ${TOP})`}>
        <Axes scale={scale} most={most} width={width} />
        {atMs !== null && <Step scale={scale} atMs={atMs} />}
        {lines.map((line) => (
          <path
            key={line.id}
            d={stripPath(line.values, scale, HEIGHT, most)}
            fill="none"
            stroke={line.id === 'edge' ? 'var(--accent)' : 'var(--text-3)'}
            strokeWidth={1.5}
          />
        ))}
        <Markers scale={scale} width={width} />
        <LineNames lines={lines} />
        {atMs !== null && <Handle x={scale.x(atMs + scale.stepMs / 2)} />}
      </g>
    </svg>
  )
}

function Step({ scale, atMs }: { scale: StripScale; atMs: number }) {
  const x = scale.x(atMs)
  return <rect x={x} width={Math.max(2, scale.x(atMs + scale.stepMs) - x)} height={HEIGHT} fill="var(--accent)" opacity={0.16} />
}

function Axes({ scale, most, width }: { scale: StripScale; most: number; width: number }) {
  const format = useFormat()
  const ends = [scale.startMs, (scale.startMs + scale.endMs) / 2, scale.endMs]
  return (
    <g fontSize={10.5} fill="var(--text-3)">
      <path d={`M0 ${HEIGHT}H${width}`} stroke="var(--axis)" />
      <path d={`M0 0H${width}`} stroke="var(--grid)" />
      <text x={-6} y={HEIGHT + 3} textAnchor="end">
        0
      </text>
      {most > 0 && (
        <text x={-6} y={4} textAnchor="end">
          {format.text(format.duration(most))}
        </text>
      )}
      {ends.map((timeMs, index) => (
        <text key={timeMs} x={scale.x(timeMs)} y={HEIGHT + 16} textAnchor={index === 0 ? 'start' : index === 1 ? 'middle' : 'end'}>
          {format.clock(timeMs)}
        </text>
      ))}
    </g>
  )
}

function LineNames({ lines }: { lines: readonly StripLine[] }) {
  return (
    <g fontSize={10.5} fontWeight={600} stroke="var(--surface)" strokeWidth={4} paintOrder="stroke">
      {lines.map((line, index) => (
        <text key={line.id} x={8} y={13 + index * 13} fill={line.id === 'edge' ? 'var(--accent-text)' : 'var(--text-2)'}>
          {line.label}
        </text>
      ))}
    </g>
  )
}

function Markers({ scale, width }: { scale: StripScale; width: number }) {
  const markers: readonly ChartMarker[] = useContext(MarkersContext)
  const placed = placeMarkers(
    markers.map(({ timeMs, label }) => ({ x: scale.x(timeMs), label })),
    width,
    (label) => label.length * LETTER,
  )
  return (
    <g fill="var(--marker)" stroke="none" fontSize={10.5} fontWeight={600}>
      {placed.map(({ x, label, labelX }) => (
        <g key={`${x} ${label}`}>
          <path d={`M${x - 4} -12h8l-4 6z`} />
          <path d={`M${x} -6V${HEIGHT}`} stroke="var(--marker)" strokeDasharray="2 3" />
          {labelX !== null && (
            <text x={labelX} y={-6}>
              {label}
            </text>
          )}
        </g>
      ))}
    </g>
  )
}

function Handle({ x }: { x: number }) {
  return (
    <g>
      <path d={`M${x} -4V${HEIGHT}`} stroke="var(--accent)" strokeWidth={1.5} />
      <circle cx={x} cy={-4} r={4.5} fill="var(--accent)" />
    </g>
  )
}
