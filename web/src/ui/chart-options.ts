import type uPlot from 'uplot'
import type { ChartMarker } from './chart-marker.ts'
import { drawMarkers } from './draw-markers.ts'

export interface ChartSeries {
  id: string
  label: string
  /** One per time; null is a gap. */
  values: readonly (number | null)[]
  /** Token name without dashes, such as `cat-1` or `bad`. */
  color: string
  /** Faint area below the line. */
  filled?: boolean
  dashed?: boolean
  /** The same in the window compared with, moved to these times; drawn grey and dashed, told as `was …`. */
  was?: readonly (number | null)[]
}

export interface ChartOptions {
  width: number
  height: number
  series: readonly ChartSeries[]
  /** A value of the y axis with its unit. */
  formatValue: (value: number) => string
  /** A tick of the time axis, Unix ms. */
  formatTime: (timeMs: number) => string
  utc: boolean
  /** Value of a token in the present theme. */
  token: (name: string) => string
  font: string
  /** Asked at every drawing. */
  markers: () => readonly ChartMarker[]
  onCursor: (index: number | null) => void
  onSelect: (startMs: number, endMs: number) => void
  /** Draws counts as bars that stand on each other, the first series at the foot; null draws lines. */
  bars: uPlot.Series.PathBuilder | null
}

const SYNC_KEY = 'page'
const AXIS_PX = 52
const LOW_PX = 110

/** How uPlot draws one of our charts: y from zero or what lies below it, gaps kept, one crosshair for the page, a drag selects a range. */
export function chartOptions(options: ChartOptions): uPlot.Options {
  return {
    width: options.width,
    height: options.height,
    ms: 1,
    tzDate: (timeMs) => (options.utc ? shiftedToUtc(timeMs) : new Date(timeMs)),
    padding: [12, 16, 0, 0],
    legend: { show: false },
    cursor: {
      sync: { key: SYNC_KEY },
      drag: { x: true, y: false, setScale: false },
      points: { size: 6 },
    },
    scales: {
      x: { time: true, ...(options.bars === null ? {} : { range: withLastStep }) },
      y: { range: (_chart, min, max) => [Math.min(0, min), upperBound(max)] },
    },
    axes: [timeAxis(options), valueAxis(options)],
    series: [{}, ...seriesOf(options)],
    hooks: {
      setCursor: [(chart) => options.onCursor(chart.cursor.idx ?? null)],
      setSelect: [(chart) => select(chart, options.onSelect)],
      draw: [(chart) => drawMarkers(chart, options.markers(), options)],
    },
  }
}

/** A little air above the largest value; an empty or all-zero chart still has an axis. */
export function upperBound(max: number | null): number {
  return max === null || max <= 0 ? 1 : max * 1.1
}

/** A date whose local fields read as the UTC ones, so that ticks fall on round minutes of UTC. */
function shiftedToUtc(timeMs: number): Date {
  return new Date(timeMs + new Date(timeMs).getTimezoneOffset() * 60_000)
}

function timeAxis(options: ChartOptions): uPlot.Axis {
  return {
    ...axisLook(options),
    size: 22,
    gap: 4,
    space: 70,
    grid: { show: false },
    values: (_chart, ticks) => ticks.map(options.formatTime),
    border: { show: true, stroke: () => options.token('axis'), width: 1 },
  }
}

function valueAxis(options: ChartOptions): uPlot.Axis {
  const look = axisLook(options)
  return {
    ...look,
    grid: { ...look.grid, filter: ofFlat },
    size: AXIS_PX,
    gap: 6,
    // a low chart still tells its top
    space: options.height < LOW_PX ? 18 : 34,
    filter: ofFlat,
    values: (_chart, ticks) => ticks.map((tick) => (tick === null ? '' : options.formatValue(tick))),
  }
}

/** A chart of nothing but zeros has one line to read, and needs no other. */
function ofFlat(chart: uPlot, ticks: number[]): (number | null)[] {
  return isFlat(chart) ? ticks.map((tick) => (tick === 0 ? 0 : null)) : ticks
}

function isFlat(chart: uPlot): boolean {
  return chart.data.slice(1).every((values) => Array.from(values).every((value) => (value ?? 0) === 0))
}

/** Baselines lie under the lines they belong to. */
export function drawnSeries(series: readonly ChartSeries[]): ChartSeries[] {
  const baselines = series.flatMap(({ was, ...one }): ChartSeries[] =>
    was === undefined ? [] : [{ ...one, id: `${one.id} was`, values: was, color: 'text-3', filled: false, dashed: true }],
  )
  return [...baselines, ...series]
}

function axisLook({ token, font }: ChartOptions): uPlot.Axis {
  return { stroke: () => token('text-3'), font: `10.5px ${font}`, ticks: { show: false }, grid: { stroke: () => token('grid'), width: 1 } }
}

function lineOf(series: ChartSeries, { token }: ChartOptions): uPlot.Series {
  return {
    label: series.label,
    stroke: () => token(series.color),
    width: 1.5,
    spanGaps: false,
    points: { show: isLonely(series.values), size: 4 },
    ...(series.dashed === true ? { dash: [4, 3] } : {}),
    ...(series.filled === true ? { fill: () => `color-mix(in srgb, ${token(series.color)} 10%, transparent)` } : {}),
  }
}

function seriesOf(options: ChartOptions): uPlot.Series[] {
  const { bars, series } = options
  if (bars === null) return drawnSeries(series).map((one) => lineOf(one, options))
  return series.toReversed().map((one) => ({
    label: one.label,
    fill: () => options.token(one.color),
    stroke: () => options.token(one.color),
    width: 0,
    points: { show: false },
    paths: bars,
  }))
}

/** The last bar begins at the last time and needs room for its step. */
function withLastStep(chart: uPlot, min: number, max: number): uPlot.Range.MinMax {
  const times = chart.data[0]
  const step = times.length > 1 ? (times[1] ?? 0) - (times[0] ?? 0) : 60_000
  return [min, max + step]
}

/** Sums from the foot up, highest first: drawn in this order each covers all but its own part of the one before. */
export function stacked(series: readonly ChartSeries[]): (number | null)[][] {
  const sums: (number | null)[][] = []
  for (const { values } of series) {
    const below = sums.at(-1)
    sums.push(values.map((value, index) => (value === null ? (below?.[index] ?? null) : value + (below?.[index] ?? 0))))
  }
  return sums.toReversed()
}

/** A single point between gaps has no line; then points are drawn. */
export function isLonely(values: readonly (number | null)[]): boolean {
  return values.some((value, index) => value !== null && (values[index - 1] ?? null) === null && (values[index + 1] ?? null) === null)
}

function select(chart: uPlot, onSelect: ChartOptions['onSelect']): void {
  const { left, width } = chart.select
  if (width < 4) return
  const startMs = chart.posToVal(left, 'x')
  const endMs = chart.posToVal(left + width, 'x')
  chart.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false)
  onSelect(startMs, endMs)
}
