import type { MeasureText } from './scene.ts'

const MEASURED_PX = 100

/** Widths of names at weight 600, measured with a canvas letter by letter, each once: kerning is less than the rounding. */
export function createTextMeter(context: Pick<CanvasRenderingContext2D, 'font' | 'measureText'>, family: string): MeasureText {
  const known = new Map<string, number>()
  const widthOf = (letter: string): number => {
    const before = known.get(letter)
    if (before !== undefined) return before
    context.font = `600 ${MEASURED_PX}px ${family}`
    const { width } = context.measureText(letter)
    known.set(letter, width)
    return width
  }
  return (text, fontPx) => {
    let total = 0
    for (const letter of text) total += widthOf(letter)
    return total * (fontPx / MEASURED_PX)
  }
}
