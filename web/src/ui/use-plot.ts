'use client'
import { useEffect, useRef } from 'react'
import type { RefObject } from 'react'
import type uPlot from 'uplot'
import type { ChartMarker } from './chart-marker.ts'
import { chartOptions, drawnSeries, stacked } from './chart-options.ts'
import type { ChartOptions } from './chart-options.ts'
import { loadPlot } from './load-plot.ts'
import { useShapeAtRest } from './use-shape-at-rest.ts'

export interface PlotInput extends Pick<ChartOptions, 'series' | 'height' | 'utc' | 'formatValue' | 'formatTime' | 'onCursor' | 'onSelect'> {
  times: readonly number[]
  markers: readonly ChartMarker[]
  /** Counts that add up, as bars on each other instead of lines. */
  bars: boolean
  /** The drawing library could not be had; the numbers are still there. */
  onFailed: () => void
}

/** Keeps one uPlot in the element: built anew when its shape changes, fed when only numbers do, neither under a drag; repainted with the theme. */
export function usePlot(input: PlotInput): RefObject<HTMLDivElement | null> {
  const host = useRef<HTMLDivElement>(null)
  const chart = useRef<uPlot | null>(null)
  const latest = useRef(input)
  useEffect(() => {
    latest.current = input
  })
  const { shape, held } = useShapeAtRest(
    host,
    `${input.bars} ${input.height} ${input.utc} ${input.series.map((one) => `${one.id}:${one.label}:${one.color}:${one.was !== undefined}`).join()}`,
  )
  useEffect(() => {
    const element = host.current
    if (element === null) return undefined
    let stop: (() => void) | null = null
    let gone = false
    // Text and table do not wait for it.
    void loadPlot().then(
      (Plot) => {
        if (gone) return
        const plot = new Plot(chartOptions({ ...optionsOf(element, latest), bars: barPaths(Plot, latest.current.bars) }), dataOf(latest.current), element)
        chart.current = plot
        stop = followSizeAndTheme(element, plot)
      },
      () => latest.current.onFailed(),
    )
    return () => {
      gone = true
      stop?.()
      chart.current?.destroy()
      chart.current = null
    }
  }, [shape])
  useEffect(() => {
    if (!held) chart.current?.setData(dataOf({ times: input.times, series: input.series, bars: input.bars }))
  }, [held, input.times, input.series, input.bars])
  useEffect(() => {
    chart.current?.redraw(false)
  }, [input.markers])
  return host
}

/** Bars from the left of their step, with a hair between them. */
function barPaths(Plot: typeof uPlot, bars: boolean): uPlot.Series.PathBuilder | null {
  return bars ? (Plot.paths.bars?.({ size: [0.92, 40], align: 1 }) ?? null) : null
}

function optionsOf(element: HTMLElement, latest: RefObject<PlotInput>): Omit<ChartOptions, 'bars'> {
  const { series, height, utc } = latest.current
  return {
    width: Math.max(100, element.clientWidth),
    height,
    series,
    utc,
    font: getComputedStyle(element).fontFamily,
    token: (name) => getComputedStyle(element).getPropertyValue(`--${name}`).trim(),
    formatValue: (value) => latest.current.formatValue(value),
    formatTime: (timeMs) => latest.current.formatTime(timeMs),
    markers: () => latest.current.markers,
    onCursor: (index) => latest.current.onCursor(index),
    onSelect: (startMs, endMs) => latest.current.onSelect(startMs, endMs),
  }
}

function dataOf({ times, series, bars }: Pick<PlotInput, 'times' | 'series' | 'bars'>): uPlot.AlignedData {
  if (bars) return [[...times], ...stacked(series)]
  return [[...times], ...drawnSeries(series).map((one) => [...one.values])]
}

function followSizeAndTheme(element: HTMLElement, plot: uPlot): () => void {
  const sizes = new ResizeObserver(() => {
    if (element.clientWidth > 0) plot.setSize({ width: element.clientWidth, height: plot.height })
  })
  sizes.observe(element)
  const repaint = () => plot.redraw(false, true)
  const theme = new MutationObserver(repaint)
  theme.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] })
  const system = window.matchMedia('(prefers-color-scheme: dark)')
  system.addEventListener('change', repaint)
  return () => {
    sizes.disconnect()
    theme.disconnect()
    system.removeEventListener('change', repaint)
  }
}
