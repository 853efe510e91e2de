'use client'
import { type RefObject, useCallback, useEffect, useRef, useState } from 'react'
import { type Box, DETAIL_SCALE, fit, NAME_SCALE, reveal, type Size, type Viewport } from './viewport.ts'
import { attachZoom, type Zoom } from './zoom.ts'

/** How much a card can say at the present scale. */
export type Detail = 'full' | 'name' | 'shape'

export interface ViewportControl {
  /** Of the element that is panned; draws are told by `subscribe`, not by a render. */
  stage: RefObject<HTMLDivElement | null>
  view: () => Viewport
  subscribe: (listener: () => void) => () => void
  detail: Detail
  size: Size
  fit: () => void
  zoomBy: (factor: number) => void
  /** Brings a part of the picture on screen when it is not. */
  show: (box: Box) => void
}

/** What the buttons at the right leave of the screen. */
const clear = ({ width, height }: Size): Size => ({ width: Math.max(0, width - 36), height })

const detailAt = (k: number): Detail => (k >= DETAIL_SCALE ? 'full' : k >= NAME_SCALE ? 'name' : 'shape')

/** The pan and zoom of a picture: it fits itself, no smaller than `least`, until a hand moves it. */
export function useViewport(picture: Size, least: number): ViewportControl {
  const stage = useRef<HTMLDivElement>(null)
  const zoom = useRef<Zoom | null>(null)
  const listeners = useRef(new Set<() => void>())
  const moved = useRef(false)
  const [detail, setDetail] = useState<Detail>('full')
  const size = useSize(stage)

  useEffect(() => {
    if (stage.current === null) return undefined
    const attached = attachZoom(stage.current, (view, byHand) => {
      moved.current ||= byHand
      setDetail(detailAt(view.k))
      for (const listener of listeners.current) listener()
    })
    zoom.current = attached
    return () => attached.detach()
  }, [])

  const { width, height } = picture
  const fitWhole = useCallback(() => {
    moved.current = true
    zoom.current?.set(fit({ width, height }, clear(size)))
  }, [width, height, size])
  useEffect(() => {
    if (!moved.current) zoom.current?.set(fit({ width, height }, clear(size), least))
  }, [width, height, size, least])

  const view = useCallback((): Viewport => zoom.current?.view() ?? { k: 1, x: 0, y: 0 }, [])
  const subscribe = useCallback((listener: () => void) => {
    listeners.current.add(listener)
    return () => void listeners.current.delete(listener)
  }, [])
  const zoomBy = useCallback((factor: number) => {
    moved.current = true
    zoom.current?.by(factor)
  }, [])
  const show = useCallback(
    (box: Box) => {
      const now = view()
      const next = reveal(now, box, size)
      if (next === now) return
      moved.current = true
      zoom.current?.set(next)
    },
    [view, size],
  )
  return { stage, view, subscribe, detail, size, fit: fitWhole, zoomBy, show }
}

function useSize(element: RefObject<HTMLElement | null>): Size {
  const [size, setSize] = useState<Size>({ width: 0, height: 0 })
  useEffect(() => {
    if (element.current === null) return undefined
    const observer = new ResizeObserver(([entry]) => {
      if (entry !== undefined) setSize({ width: entry.contentRect.width, height: entry.contentRect.height })
    })
    observer.observe(element.current)
    return () => observer.disconnect()
  }, [element])
  return size
}
