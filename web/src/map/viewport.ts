/** Screen = picture × k + (x, y), in CSS px. */
export interface Viewport {
  k: number
  x: number
  y: number
}

export interface Size {
  width: number
  height: number
}

export const MIN_SCALE = 0.04
export const MAX_SCALE = 2.5
/** Below this the second line of a card would be too small to read, and leaves. */
export const DETAIL_SCALE = 0.7
/** Below this names leave too. */
export const NAME_SCALE = 0.34

/** Below this the names of a card cannot be read. */
export const READABLE_SCALE = 0.45
const MARGIN = { x: 24, y: 28 }

/** The whole picture in the middle of the screen, never enlarged; never smaller than `least` either, then its left comes first. */
export function fit(picture: Size, screen: Size, least = MIN_SCALE): Viewport {
  if (picture.width <= 0 || picture.height <= 0 || screen.width <= 0 || screen.height <= 0) return { k: 1, x: 0, y: 0 }
  const k = Math.max(least, Math.min(1, (screen.width - 2 * MARGIN.x) / picture.width, (screen.height - 2 * MARGIN.y) / picture.height))
  return { k, x: Math.max(MARGIN.x, (screen.width - picture.width * k) / 2), y: Math.max(MARGIN.y, (screen.height - picture.height * k) / 2) }
}

/** What a reader wants to see needs this much room around it. */
const AROUND = { x: 60, y: 40 }

export interface Box {
  left: number
  top: number
  right: number
  bottom: number
}

/** The view moved so that all of a box stands in the middle, smaller only where it would not fit; the same view when the box is on screen already. */
export function reveal(view: Viewport, box: Box, screen: Size): Viewport {
  const [from, to] = [
    { x: box.left * view.k + view.x, y: box.top * view.k + view.y },
    { x: box.right * view.k + view.x, y: box.bottom * view.k + view.y },
  ]
  if (from.x > AROUND.x && from.y > AROUND.y && to.x < screen.width - AROUND.x && to.y < screen.height - AROUND.y) return view
  const room = (screen.width - 2 * AROUND.x) / Math.max(1, box.right - box.left)
  const high = (screen.height - 2 * AROUND.y) / Math.max(1, box.bottom - box.top)
  const k = Math.max(MIN_SCALE, Math.min(Math.max(view.k, DETAIL_SCALE), room, high))
  return { k, x: screen.width / 2 - ((box.left + box.right) / 2) * k, y: screen.height / 2 - ((box.top + box.bottom) / 2) * k }
}

/** A point of the screen in the picture. */
export function toPicture(view: Viewport, point: { x: number; y: number }): { x: number; y: number } {
  return { x: (point.x - view.x) / view.k, y: (point.y - view.y) / view.k }
}

/** The part of the picture on screen. */
export function seenPart(view: Viewport, screen: Size): { left: number; top: number; right: number; bottom: number } {
  const from = toPicture(view, { x: 0, y: 0 })
  const to = toPicture(view, { x: screen.width, y: screen.height })
  return { left: from.x, top: from.y, right: to.x, bottom: to.y }
}
