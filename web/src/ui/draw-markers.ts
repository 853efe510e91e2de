import type uPlot from 'uplot'
import type { ChartMarker } from './chart-marker.ts'

const HALF_PX = 4
const GAP_PX = 4

export interface PlacedMarker {
  /** Centre of the triangle, px from the left of the plot. */
  x: number
  label: string
  /** Where the label begins; null where none has room. */
  labelX: number | null
}

/**
 * Where markers stand in a plot and which labels have room: each label on the side that is free, the right one first, never over a
 * neighbour's triangle or label.
 */
export function placeMarkers(marks: readonly { x: number; label: string }[], plotWidth: number, widthOf: (label: string) => number): PlacedMarker[] {
  const sorted = [...marks].filter(({ x }) => x >= 0 && x <= plotWidth).sort((a, b) => a.x - b.x)
  let free = 0
  return sorted.map(({ x, label }, index) => {
    const width = widthOf(label)
    const next = sorted[index + 1]
    const end = next === undefined ? plotWidth : next.x - HALF_PX - GAP_PX
    const right = x + HALF_PX + GAP_PX
    const left = x - HALF_PX - GAP_PX - width
    const labelX = label === '' ? null : right + width <= end ? right : left >= free ? left : null
    free = labelX === right ? right + width + GAP_PX : x + HALF_PX + GAP_PX
    return { x, label, labelX }
  })
}

/** A violet triangle above the plot and a dotted line through it, for each marker in sight. */
export function drawMarkers(chart: uPlot, markers: readonly ChartMarker[], { token, font }: { token: (name: string) => string; font: string }): void {
  if (markers.length === 0) return
  const { ctx, bbox } = chart
  const ratio = chart.width === 0 ? 1 : ctx.canvas.width / chart.width
  ctx.save()
  ctx.font = `600 ${10.5 * ratio}px ${font}`
  ctx.fillStyle = token('marker')
  ctx.strokeStyle = token('marker')
  ctx.lineWidth = ratio
  ctx.textAlign = 'left'
  ctx.textBaseline = 'alphabetic'
  const marks = markers.map(({ timeMs, label }) => ({ x: (chart.valToPos(timeMs, 'x', true) - bbox.left) / ratio, label }))
  for (const { x, label, labelX } of placeMarkers(marks, bbox.width / ratio, (text) => ctx.measureText(text).width / ratio)) {
    const at = bbox.left + x * ratio
    const top = bbox.top
    ctx.beginPath()
    ctx.moveTo(at - HALF_PX * ratio, top - 9 * ratio)
    ctx.lineTo(at + HALF_PX * ratio, top - 9 * ratio)
    ctx.lineTo(at, top - 3 * ratio)
    ctx.closePath()
    ctx.fill()
    ctx.setLineDash([2 * ratio, 3 * ratio])
    ctx.beginPath()
    ctx.moveTo(at, top - 3 * ratio)
    ctx.lineTo(at, top + bbox.height)
    ctx.stroke()
    ctx.setLineDash([])
    if (labelX !== null) ctx.fillText(label, bbox.left + labelX * ratio, top - 2.5 * ratio)
  }
  ctx.restore()
}
