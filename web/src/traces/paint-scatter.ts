import type { ScatterScale } from './scatter-scale.ts'

export interface ScatterPainting {
  scale: ScatterScale
  /** Dot under the pointer, −1 for none. */
  hovered: number
  formatMs: (ms: number) => string
  formatTime: (timeMs: number) => string
}

/** More dots than this are squares, which are several times cheaper. */
const DISCS_TO = 4000

/** Axes and dots; 100,000 of them in a few milliseconds. */
export function paintScatter(
  context: CanvasRenderingContext2D,
  { scale, hovered, formatMs, formatTime }: ScatterPainting,
  token: (name: string) => string,
): void {
  const { frame, x, y } = scale
  context.clearRect(0, 0, frame.width, frame.height)
  paintAxes(context, { scale, hovered, formatMs, formatTime }, token)
  paintDots(context, scale, token)
  if (hovered < 0) return
  context.strokeStyle = token('--text-1')
  context.lineWidth = 1.5
  context.beginPath()
  context.arc(x[hovered] ?? 0, y[hovered] ?? 0, 7, 0, Math.PI * 2)
  context.stroke()
}

function paintDots(context: CanvasRenderingContext2D, { x, y, firstError }: ScatterScale, token: (name: string) => string): void {
  const many = x.length > DISCS_TO
  const each = (from: number, to: number, paint: (x: number, y: number) => void): void => {
    for (let dot = from; dot < to; dot++) paint(x[dot] ?? 0, y[dot] ?? 0)
  }
  context.fillStyle = token('--cat-1')
  context.globalAlpha = many ? 0.35 : 0.55
  each(0, firstError, many ? (atX, atY) => context.fillRect(atX - 1.25, atY - 1.25, 2.5, 2.5) : (atX, atY) => disc(context, atX, atY))
  context.fillStyle = token('--bad')
  context.globalAlpha = many ? 0.7 : 1
  each(firstError, x.length, (atX, atY) => diamond(context, atX, atY, many ? 3.5 : 5))
  context.globalAlpha = 1
}

function paintAxes(context: CanvasRenderingContext2D, { scale, formatMs, formatTime }: ScatterPainting, token: (name: string) => string): void {
  const { frame } = scale
  context.font = `10.5px ${token('--font-sans')}`
  context.lineWidth = 1
  context.textAlign = 'right'
  for (const { ms, y } of scale.durations) {
    context.strokeStyle = token('--grid')
    context.beginPath()
    context.moveTo(frame.left, Math.round(y) + 0.5)
    context.lineTo(frame.width - frame.right, Math.round(y) + 0.5)
    context.stroke()
    context.fillStyle = token('--text-3')
    context.fillText(formatMs(ms), frame.left - 6, y + 3.5)
  }
  context.textAlign = 'center'
  for (const { timeMs, x } of scale.times) if (x < frame.width - 24) context.fillText(formatTime(timeMs), x, frame.height - 6)
}

function disc(context: CanvasRenderingContext2D, x: number, y: number): void {
  context.beginPath()
  context.arc(x, y, 3, 0, Math.PI * 2)
  context.fill()
}

/** The shape that means bad everywhere. */
function diamond(context: CanvasRenderingContext2D, x: number, y: number, r: number): void {
  context.beginPath()
  context.moveTo(x, y - r)
  context.lineTo(x + r, y)
  context.lineTo(x, y + r)
  context.lineTo(x - r, y)
  context.fill()
}
