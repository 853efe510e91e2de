'use client'
import { type RefObject, useEffect, useState } from 'react'

/** Width of an element in px, 0 before it is known. */
export function useWidth(element: RefObject<HTMLElement | null>): number {
  const [widthPx, setWidthPx] = useState(0)
  useEffect(() => {
    const { current } = element
    if (current === null) return undefined
    const observer = new ResizeObserver(() => setWidthPx(current.clientWidth))
    observer.observe(current)
    return () => observer.disconnect()
  }, [element])
  return widthPx
}
