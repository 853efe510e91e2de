import type { HitTarget } from './hit.ts'
import type { Scene } from './scene.ts'
import type { ViewportControl } from './use-viewport.ts'

/** What both drawings of the map, SVG for few nodes and canvas for many, are given. */
export interface PictureProps {
  scene: Scene
  viewport: ViewportControl
  selected: string | null
  /** Ids at full strength; null when nothing is faded. */
  lit: ReadonlySet<string> | null
  onHover: (target: HitTarget | null) => void
  onSelect: (target: HitTarget | null) => void
  /** Closes the group of a box; absent where groups cannot be closed. */
  onGroup?: ((name: string) => void) | undefined
}

/** Above this many nodes the map is drawn on a canvas. */
export const MAX_SVG_NODES = 300
