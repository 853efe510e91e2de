import { paint } from './paint.ts'
import type { Palette } from './palette.ts'
import type { Scene } from './scene.ts'

const MARGIN = 24
/** Two pixels for one, but never more than a browser's canvas holds. */
const RATIO = 2
const MOST_PX = 8192

/** How large the picture of a scene is, in px, and how many of them stand for one of the scene's. */
export function pngSize({ width, height }: { width: number; height: number }): { width: number; height: number; ratio: number } {
  const whole = { width: width + 2 * MARGIN, height: height + 2 * MARGIN }
  const ratio = Math.min(RATIO, MOST_PX / whole.width, MOST_PX / whole.height)
  return { width: Math.ceil(whole.width * ratio), height: Math.ceil(whole.height * ratio), ratio }
}

/** Paints the whole map onto a canvas of its own; null where the browser gives none. */
export function scenePng(scene: Scene, palette: Palette, canvas: HTMLCanvasElement): Promise<Blob | null> {
  const { width, height, ratio } = pngSize(scene)
  canvas.width = width
  canvas.height = height
  const context = canvas.getContext('2d')
  if (context === null) return Promise.resolve(null)
  const size = { width: width / ratio, height: height / ratio }
  paint({ context, scene, view: { k: 1, x: MARGIN, y: MARGIN }, size, ratio, palette, selected: null, lit: null })
  context.globalCompositeOperation = 'destination-over'
  context.setTransform(1, 0, 0, 1, 0, 0)
  context.fillStyle = palette.canvas
  context.fillRect(0, 0, width, height)
  return new Promise((resolve) => canvas.toBlob(resolve, 'image/png'))
}
