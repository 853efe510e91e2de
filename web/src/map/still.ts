import type { Size, Viewport } from './viewport.ts'

/** The last full painting, moved and scaled while a hand pans: thousands of curves are too many for every frame. */
export interface Still {
  take(canvas: HTMLCanvasElement, view: Viewport): void
  /** False when there is nothing to show yet. */
  show(context: CanvasRenderingContext2D, view: Viewport, screen: Size & { ratio: number }): boolean
}

export function createStill(makeCanvas: () => HTMLCanvasElement): Still {
  const copy = makeCanvas()
  let taken: Viewport | null = null
  return {
    take(canvas, view) {
      copy.width = canvas.width
      copy.height = canvas.height
      copy.getContext('2d', { willReadFrequently: true })?.drawImage(canvas, 0, 0)
      taken = view
    },
    show(context, view, { width, height, ratio }) {
      if (taken === null) return false
      const { scale, x, y } = moved(taken, view)
      context.setTransform(ratio, 0, 0, ratio, 0, 0)
      context.clearRect(0, 0, width, height)
      context.setTransform(scale, 0, 0, scale, x * ratio, y * ratio)
      context.drawImage(copy, 0, 0)
      return true
    },
  }
}

/** How a picture taken in one viewport lies on screen in another. */
export function moved(from: Viewport, to: Viewport): { scale: number; x: number; y: number } {
  const scale = to.k / from.k
  return { scale, x: to.x - from.x * scale, y: to.y - from.y * scale }
}
