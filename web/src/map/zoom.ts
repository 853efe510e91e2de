import { select } from 'd3-selection'
import { type D3ZoomEvent, zoom, zoomIdentity, zoomTransform } from 'd3-zoom'
import { MAX_SCALE, MIN_SCALE, type Viewport } from './viewport.ts'

export interface Zoom {
  view(): Viewport
  set(view: Viewport): void
  by(factor: number): void
  detach(): void
}

/** Pan with drag, zoom with wheel or pinch. `onChange` hears every change and whether a hand made it. */
export function attachZoom(element: HTMLElement, onChange: (view: Viewport, byHand: boolean) => void): Zoom {
  const behaviour = zoom<HTMLElement, unknown>()
    .scaleExtent([MIN_SCALE, MAX_SCALE])
    .clickDistance(4)
    .filter((event: MouseEvent) => event.button === 0 && (!event.ctrlKey || event.type === 'wheel'))
    .on('zoom', (event: D3ZoomEvent<HTMLElement, unknown>) => {
      const { k, x, y } = event.transform
      onChange({ k, x, y }, event.sourceEvent !== null && event.sourceEvent !== undefined)
    })
  const selection = select<HTMLElement, unknown>(element).call(behaviour).on('dblclick.zoom', null)
  return {
    view() {
      const { k, x, y } = zoomTransform(element)
      return { k, x, y }
    },
    set: (view) => void selection.call((target) => behaviour.transform(target, zoomIdentity.translate(view.x, view.y).scale(view.k))),
    by: (factor) => void selection.call((target) => behaviour.scaleBy(target, factor)),
    detach: () => void selection.on('.zoom', null),
  }
}
