import { useEffect, useRef } from 'react'
import { isTyping } from '../frame/use-frame-keys.ts'

/** `c` or `n` goes to the next row on the critical path, Shift with it to the one before, wherever the focus is. */
export function usePathKeys(go: (step: 1 | -1) => void): void {
  const latest = useRef(go)
  useEffect(() => {
    latest.current = go
  })
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
      if (!/^[cn]$/i.test(event.key)) return
      latest.current(event.shiftKey ? -1 : 1)
      event.preventDefault()
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [])
}
