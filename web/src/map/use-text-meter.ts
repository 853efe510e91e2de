'use client'
import { useEffect, useState } from 'react'
import type { MeasureText } from './scene.ts'
import { createTextMeter } from './text-width.ts'

/** Measures in the page's own font; undefined until the page is there, and where the browser gives no canvas. */
export function useTextMeter(): MeasureText | undefined {
  const [measure, setMeasure] = useState<MeasureText>()
  useEffect(() => {
    const context = document.createElement('canvas').getContext('2d')
    if (context !== null) setMeasure(() => createTextMeter(context, getComputedStyle(document.body).fontFamily))
  }, [])
  return measure
}
