'use client'
import { useEffect, useRef, useState } from 'react'
import type { RefObject } from 'react'

/** The shape last given, save while the pointer is down in the element: then the one it went down on, so that what is under a drag stays until it ends. */
export function useShapeAtRest(host: RefObject<HTMLElement | null>, shape: string): { shape: string; held: boolean } {
  const [held, setHeld] = useState<string | null>(null)
  const latest = useRef(shape)
  useEffect(() => {
    latest.current = shape
  })
  useEffect(() => {
    const element = host.current
    if (element === null) return undefined
    const hold = ({ button }: MouseEvent) => {
      if (button === 0) setHeld(latest.current)
    }
    const release = () => setHeld(null)
    element.addEventListener('mousedown', hold)
    // The chart reads the drag at the document, and has to be there still when it does.
    window.addEventListener('mouseup', release)
    return () => {
      element.removeEventListener('mousedown', hold)
      window.removeEventListener('mouseup', release)
    }
  }, [host])
  return { shape: held ?? shape, held: held !== null }
}
