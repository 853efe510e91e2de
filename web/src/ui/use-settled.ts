'use client'
import { useEffect, useState } from 'react'

/** What was given last, once it stayed the same for `pauseMs`: nobody is asked for the middle of what is being typed. */
export function useSettled<Value extends string | null>(value: Value, pauseMs: number): Value {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), pauseMs)
    return () => clearTimeout(timer)
  }, [value, pauseMs])
  return settled
}
