import { severityShape } from '../logs/severity-look.tsx'
import type { LineMark } from './line-marks.ts'

const SIZE_PX = 7
const BOX = 10

export interface LineMarksPainting {
  context: CanvasRenderingContext2D
  /** Value of a colour such as `var(--bad)`. */
  of: (color: string) => string
  marks: readonly LineMark[]
  /** Px from the left of a moment; null where it is out of sight. */
  x: (atNs: number) => number | null
  /** Top of the row. */
  y: number
}

/** Log lines above the bar of their span, where they were written. */
export function paintLineMarks({ context, of, marks, x, y }: LineMarksPainting): void {
  for (const { atNs, severity } of marks) {
    const left = x(atNs)
    if (left === null) continue
    const { path, fill } = severityShape(severity)
    context.save()
    context.translate(left - SIZE_PX / 2, y + 1)
    context.scale(SIZE_PX / BOX, SIZE_PX / BOX)
    context.fillStyle = of(fill)
    context.fill(new Path2D(path), 'evenodd')
    context.restore()
  }
}
