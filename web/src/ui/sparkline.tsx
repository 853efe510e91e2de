import { line } from 'd3-shape'

export interface SparklineProps {
  /** Evenly spaced; null is a gap. */
  values: readonly (number | null)[]
  /** CSS colour; a token, never a series colour when it tells health. */
  color?: string
  width?: number
  height?: number
}

/** Shape of a number over the window, beside the number itself. Decoration: the number is the text. */
export function Sparkline({ values, color = 'var(--text-3)', width = 132, height = 24 }: SparklineProps) {
  const path = sparkPath(values, width, height)
  return (
    <svg className="block max-w-full" width={width} height={height} viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden="true">
      <path d={path} fill="none" stroke={color} strokeWidth={1.4} strokeLinejoin="round" />
    </svg>
  )
}

/** Path of a series from zero to 1.1 times its largest value. */
export function sparkPath(values: readonly (number | null)[], width: number, height: number): string {
  const largest = values.reduce<number>((max, value) => Math.max(max, value ?? 0), 0) * 1.1 || 1
  const step = (width - 2) / Math.max(1, values.length - 1)
  const draw = line<number | null>()
    .defined((value) => value !== null)
    .x((_, index) => 1 + index * step)
    .y((value) => height - 2 - ((height - 4) * (value ?? 0)) / largest)
    .digits(1)
  return draw(values) ?? ''
}
