'use client'
import { useEffect, useRef, useState } from 'react'
import { frameDelayMs } from './run-scene.ts'

export const SPEEDS = [0.25, 1, 5] as const
export type Speed = (typeof SPEEDS)[number]

export interface Playback {
  playing: boolean
  speed: Speed
  toggle: () => void
  step: (by: number) => void
  setSpeed: (speed: Speed) => void
}

/** Plays frames one after the other. Space plays and pauses, ← and → step, 1 to 3 set the speed. */
export function usePlayback({ offsets, at, onFrame }: { offsets: readonly number[]; at: number; onFrame: (at: number) => void }): Playback {
  const [playing, setPlaying] = useState(false)
  const [speed, setSpeed] = useState<Speed>(1)
  const last = offsets.length - 1
  const latest = useRef({ at, onFrame })
  useEffect(() => {
    latest.current = { at, onFrame }
  })
  useEffect(() => {
    if (!playing || at >= last) return undefined
    const timer = setTimeout(() => latest.current.onFrame(at + 1), frameDelayMs(offsets, at, speed))
    return () => clearTimeout(timer)
  }, [playing, at, last, offsets, speed])
  const step = (by: number) => {
    setPlaying(false)
    onFrame(Math.max(0, Math.min(last, at + by)))
  }
  const toggle = () => {
    if (at >= last) onFrame(0)
    setPlaying(at >= last || !playing)
  }
  useReplayKeys({
    ' ': toggle,
    ArrowRight: () => step(1),
    ArrowLeft: () => step(-1),
    1: () => setSpeed(SPEEDS[0]),
    2: () => setSpeed(SPEEDS[1]),
    3: () => setSpeed(SPEEDS[2]),
  })
  return { playing: playing && at < last, speed, toggle, step, setSpeed }
}

/** Where keys have another meaning: what is typed into, what opens by Space, and the tree of spans. */
const OWN_KEYS = 'input, textarea, select, button, a, summary, [role="treegrid"], dialog'

function useReplayKeys(handlers: Readonly<Record<string, () => void>>): void {
  const latest = useRef(handlers)
  useEffect(() => {
    latest.current = handlers
  })
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
      if (event.target instanceof Element && event.target.closest(OWN_KEYS) !== null) return
      const handler = latest.current[event.key]
      if (handler === undefined) return
      handler()
      event.preventDefault()
    }
    document.addEventListener('keydown', listen)
    return () => document.removeEventListener('keydown', listen)
  }, [])
}
