import { area, line } from 'd3-shape'

interface SparklineProps {
  /** Evenly spaced; null is a gap. */
  values: readonly (number | null)[]
  /** CSS colour; a token, never a series colour when it tells health. */
  color?: string
  width?: number
  height?: number
}

/** Shape of a number over the window, beside the number itself. Decoration: the number is the text. */
export function Sparkline({ values, color = 'var(--text-3)', width = 132, height = 24 }: SparklineProps) {
  const shape = sparkPath(values, width, height)
  return (
    <svg className="block max-w-full" width={width} height={height} viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden="true">
      <path d={shape.area} fill={color} opacity={0.12} />
      <path d={shape.line} fill="none" stroke={color} strokeWidth={1.4} strokeLinejoin="round" />
    </svg>
  )
}

/** Line and area of a series from zero to 1.1 times its largest value. */
export function sparkPath(values: readonly (number | null)[], width: number, height: number): { line: string; area: string } {
  const largest = values.reduce<number>((max, value) => Math.max(max, value ?? 0), 0) * 1.1 || 1
  const step = (width - 2) / Math.max(1, values.length - 1)
  const known = (value: number | null) => value !== null
  const x = (_: number | null, index: number) => 1 + index * step
  const y = (value: number | null) => height - 2 - ((height - 4) * (value ?? 0)) / largest
  const drawLine = line<number | null>().defined(known).x(x).y(y).digits(1)
  const drawArea = area<number | null>().defined(known).x(x).y0(height).y1(y).digits(1)
  return { line: drawLine(values) ?? '', area: drawArea(values) ?? '' }
}
