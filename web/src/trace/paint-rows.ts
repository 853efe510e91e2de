import { partsOf, type PartLook, wholeBar } from './bar-parts.ts'
import { MAX_INDENT, ROW_PX } from './row-size.ts'
import type { RowsPalette } from './rows-palette.ts'
import type { SpanRow } from './span-row.ts'
import { barOf, labelSide, type TimeWindow } from './time-scale.ts'
import type { TraceModel } from './trace-model.ts'
import type { LineMark } from './line-marks.ts'
import { paintLineMarks } from './paint-line-marks.ts'
import { marksOf } from './trace-path.ts'

/** Between the name and the bars, and at the right edge. */
const GUTTER_PX = 12

export interface RowsPainting {
  context: CanvasRenderingContext2D
  palette: RowsPalette
  /** Device pixels for one CSS px. */
  ratio: number
  size: { width: number; height: number }
  scrollTop: number
  nameWidth: number
  indent: number
  model: TraceModel
  rows: readonly SpanRow[]
  visible: readonly number[]
  window: TimeWindow
  collapsed: ReadonlySet<string>
  selected: number
  found: ReadonlySet<string> | null
  lit: string
  /** Log lines by span. */
  marks: ReadonlyMap<string, readonly LineMark[]>
  label: (row: SpanRow) => string
  words: { missing: string; cycle: string }
}

interface RowPlace {
  row: SpanRow
  index: number
  y: number
  color: string
  faded: boolean
  onPath: boolean
}

/** The rows on screen, as the elements of a shorter trace would look. */
export function paintRows(painting: RowsPainting): void {
  const { context, palette, ratio, size, scrollTop, rows, visible, model, found } = painting
  context.setTransform(ratio, 0, 0, ratio, 0, 0)
  context.globalAlpha = 1
  context.fillStyle = palette.surface
  context.fillRect(0, 0, size.width, size.height)
  context.textBaseline = 'middle'
  const first = Math.floor(scrollTop / ROW_PX)
  const last = Math.min(visible.length - 1, Math.ceil((scrollTop + size.height) / ROW_PX))
  for (let at = first; at <= last; at++) {
    const index = visible[at] ?? 0
    const row = rows[index]
    if (row === undefined) continue
    const color = palette.of(model.colors.get(row.span?.service ?? '') ?? 'var(--unknown)')
    const place = { row, index, y: at * ROW_PX - scrollTop, color, faded: found !== null && !found.has(row.key), onPath: model.path.rows.has(row.key) }
    paintGround(painting, place)
    paintName(painting, place)
    paintBar(painting, place)
  }
  context.fillStyle = palette.line
  context.fillRect(painting.nameWidth - 1, 0, 1, size.height)
}

function paintGround({ context, palette, size, selected, lit }: RowsPainting, { row, index, y }: RowPlace): void {
  if (index === selected || lit === row.key) {
    context.fillStyle = index === selected ? palette.selected : palette.hover
    context.fillRect(0, y, size.width, ROW_PX)
  }
  context.fillStyle = palette.grid
  context.fillRect(0, y + ROW_PX - 1, size.width, 1)
}

function paintName(painting: RowsPainting, place: RowPlace): void {
  const { context, palette, indent, nameWidth, collapsed, words } = painting
  const { row, index, y } = place
  const middle = y + ROW_PX / 2
  const levels = Math.min(row.depth, MAX_INDENT)
  context.fillStyle = palette.line
  for (let level = 0; level < levels; level++) context.fillRect(6 + level * indent, y, 1, ROW_PX)
  let x = 6 + levels * indent
  if (row.depth > MAX_INDENT) x += paintText(painting, { text: String(row.depth), x, y: middle, size: 10.5, color: palette.text3, room: 24 }) + 4
  if (row.end > index + 1) paintCaret(context, { x: x + 8, y: middle, folded: collapsed.has(row.key), color: palette.text3 })
  x += 16
  const right = nameWidth - 8
  if (row.span === null) {
    paintText(painting, { text: `${words.missing} ${row.missingId}`, x, y: middle, size: 12, color: palette.text3, room: right - x })
    return
  }
  context.fillStyle = place.color
  context.fillRect(x, middle - 4, 8, 8)
  x += 14
  const failed = row.span.status.code === 'error'
  const room = right - (failed ? 16 : 0)
  const bold = place.onPath ? '600 ' : ''
  const strong = place.faded ? palette.text3 : palette.text1
  x += paintText(painting, { text: row.span.service, x, y: middle, size: 12, weight: bold, color: strong, room: room - x }) + 4
  const hidden = collapsed.has(row.key) ? ` +${row.end - index - 1}` : ''
  const name = `${row.span.name}${hidden}${row.cut ? ` ${words.cycle}` : ''}`
  paintText(painting, { text: name, x, y: middle, size: 12, color: place.faded ? palette.text3 : palette.text2, room: room - x })
  if (failed) paintDiamond(context, right - 6, middle, palette.bad)
}

function paintCaret(context: CanvasRenderingContext2D, { x, y, folded, color }: { x: number; y: number; folded: boolean; color: string }): void {
  context.strokeStyle = color
  context.lineWidth = 1.2
  context.beginPath()
  if (folded) {
    context.moveTo(x - 1.5, y - 3)
    context.lineTo(x + 1.5, y)
    context.lineTo(x - 1.5, y + 3)
  } else {
    context.moveTo(x - 3, y - 1.5)
    context.lineTo(x, y + 1.5)
    context.lineTo(x + 3, y - 1.5)
  }
  context.stroke()
}

function paintDiamond(context: CanvasRenderingContext2D, x: number, y: number, color: string): void {
  context.fillStyle = color
  context.beginPath()
  context.moveTo(x, y - 5)
  context.lineTo(x + 5, y)
  context.lineTo(x, y + 5)
  context.lineTo(x - 5, y)
  context.fill()
}

interface Text {
  text: string
  x: number
  y: number
  size: number
  weight?: string
  color: string
  /** Px it may take; what is longer ends in an ellipsis. */
  room: number
}

/** Draws a text and answers its width. */
function paintText({ context, palette }: RowsPainting, { text, x, y, size, weight = '', color, room }: Text): number {
  if (room < 8) return 0
  context.font = `${weight}${size}px ${palette.font}`
  context.fillStyle = color
  const fitting = fit(context, text, room)
  context.fillText(fitting, x, y)
  return context.measureText(fitting).width
}

function fit(context: CanvasRenderingContext2D, text: string, room: number): string {
  // no glyph of this size is narrower than 2 px, and a name may be 10 kB long
  const short = text.length > room / 2 ? text.slice(0, Math.ceil(room / 2)) : text
  const width = context.measureText(short).width
  if (width <= room && short.length === text.length) return text
  let length = Math.max(1, Math.floor((short.length * (room - 10)) / Math.max(1, width)))
  while (length > 1 && context.measureText(`${short.slice(0, length)}…`).width > room) length--
  return `${short.slice(0, length)}…`
}

function paintBar(painting: RowsPainting, place: RowPlace): void {
  const { context, palette, window, size, nameWidth } = painting
  const left = nameWidth + GUTTER_PX
  const across = size.width - left - GUTTER_PX
  const { row, y } = place
  context.save()
  context.beginPath()
  context.rect(left - 1, y, across + GUTTER_PX, ROW_PX)
  context.clip()
  context.globalAlpha = place.faded ? 0.35 : 1
  for (const part of partsOf(row, window)) {
    paintPart(painting, { look: part.look, x: left + part.left * across, y: y + 7, width: Math.max(2, part.width * across), color: place.color })
  }
  context.globalAlpha = 1
  paintPathMarks(painting, { row, y, left, across })
  const x = (atNs: number) => {
    const at = barOf(atNs, 0, window)
    return at === null ? null : left + at.left * across
  }
  paintLineMarks({ context, of: palette.of, marks: painting.marks.get(row.key) ?? [], x, y })
  const bar = wholeBar(row, window)
  if (bar !== null) {
    const side = labelSide(bar)
    const label = painting.label(row)
    context.font = `${side === 'inside' ? '600 ' : ''}10.5px ${palette.font}`
    const width = context.measureText(label).width
    const x =
      side === 'inside' ? left + bar.left * across + 10 : side === 'right' ? left + (bar.left + bar.width) * across + 6 : left + bar.left * across - 6 - width
    if (side === 'inside') {
      context.fillStyle = palette.surface
      context.fillRect(x - 4, y + 7, width + 8, 12)
    }
    context.fillStyle = side === 'inside' ? palette.text1 : palette.text2
    context.fillText(label, x, y + 13.5)
  }
  context.restore()
}

interface Part {
  look: PartLook
  x: number
  y: number
  width: number
  color: string
}

const BAR_PX = 12

function paintPart({ context, palette }: RowsPainting, { look, x, y, width, color }: Part): void {
  if (look === 'work') {
    context.fillStyle = color
    context.fillRect(x, y, width, BAR_PX)
    return
  }
  const ink = { network: palette.network, client: palette.wait, queue: palette.queue, missing: palette.ctl, late: color }[look]
  context.strokeStyle = ink
  context.lineWidth = look === 'late' ? 2 : 1
  context.setLineDash(look === 'late' ? [2, 2] : look === 'queue' || look === 'missing' ? [3, 2] : [])
  context.strokeRect(x + 0.5, y + 0.5, Math.max(1, width - 1), BAR_PX - 1)
  context.setLineDash([])
  if (look === 'network' || look === 'client') hatch(context, { x, y, width })
}

/** Slanted lines in the present ink, 5 px apart. */
function hatch(context: CanvasRenderingContext2D, { x, y, width }: { x: number; y: number; width: number }): void {
  context.save()
  context.beginPath()
  context.rect(x, y, width, BAR_PX)
  context.clip()
  context.lineWidth = 1.6
  context.beginPath()
  // only as many lines as can be seen
  const from = Math.max(x - BAR_PX, -BAR_PX - (x % 7))
  const to = Math.min(x + width, 8192)
  for (let at = from; at < to; at += 6) {
    context.moveTo(at, y + BAR_PX)
    context.lineTo(at + BAR_PX, y)
  }
  context.stroke()
  context.restore()
}

function paintPathMarks(painting: RowsPainting, { row, y, left, across }: { row: SpanRow; y: number; left: number; across: number }): void {
  const { context, palette, model, window } = painting
  const path = model.path.rows.get(row.key)
  if (path === undefined) return
  context.fillStyle = palette.text1
  for (const { startNs, endNs, ownNs } of marksOf(path.sections, (window.toNs - window.fromNs) * 0.002)) {
    const mark = barOf(startNs, endNs - startNs, window)
    if (mark === null) continue
    context.globalAlpha = Math.max(0.25, ownNs / (endNs - startNs))
    context.fillRect(left + mark.left * across, y + 21, Math.max(1, mark.width * across), 2)
  }
  context.globalAlpha = 1
}
