import type { Palette } from './palette.ts'
import type { Scene } from './scene.ts'
import type { Size, Viewport } from './viewport.ts'

/** What is painted, and on what. */
export interface Painting {
  context: CanvasRenderingContext2D
  scene: Scene
  view: Viewport
  size: Size
  /** Device pixels for one CSS px. */
  ratio: number
  palette: Palette
  selected: string | null
  lit: ReadonlySet<string> | null
}
