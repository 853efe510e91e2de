export interface Figure {
  name: string
  unit: string
  value: number
  /** Most that it should be. */
  goal?: number
}

export interface FigureRow {
  name: string
  unit: string
  runs: number
  min: number
  median: number
  max: number
  goal?: number
}

/** Runs of one bench → a row per figure. */
export function summarise(runs: readonly (readonly Figure[])[]): FigureRow[] {
  const values = new Map<string, { unit: string; values: number[]; goal: number | undefined }>()
  for (const figure of runs.flat()) {
    const known = values.get(figure.name) ?? { unit: figure.unit, values: [], goal: figure.goal }
    known.values.push(figure.value)
    values.set(figure.name, known)
  }
  return [...values].map(([name, { unit, values: all, goal }]) => {
    const sorted = all.toSorted((a, b) => a - b)
    return {
      name,
      unit,
      runs: sorted.length,
      min: sorted[0] ?? 0,
      median: sorted[sorted.length >> 1] ?? 0,
      max: sorted.at(-1) ?? 0,
      ...(goal === undefined ? {} : { goal }),
    }
  })
}

export function table(rows: readonly FigureRow[]): string {
  const text = (value: number): string => (Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3))
  const told = ({ goal, median }: FigureRow): string => (goal === undefined ? '' : `≤ ${goal}: ${median <= goal ? 'reached' : 'missed'}`)
  const lines = rows.map((row) => `| ${row.name} | ${row.unit} | ${row.runs} | ${text(row.min)} | ${text(row.median)} | ${text(row.max)} | ${told(row)} |`)
  return ['| figure | unit | runs | min | median | max | goal of the median |', '|---|---|---|---|---|---|---|', ...lines].join('\n')
}
