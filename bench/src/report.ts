export interface Figure {
  name: string
  unit: string
  value: number
}

export interface FigureRow {
  name: string
  unit: string
  runs: number
  min: number
  median: number
  max: number
}

/** Runs of one bench → a row per figure. */
export function summarise(runs: readonly (readonly Figure[])[]): FigureRow[] {
  const values = new Map<string, { unit: string; values: number[] }>()
  for (const figure of runs.flat()) {
    const known = values.get(figure.name) ?? { unit: figure.unit, values: [] }
    known.values.push(figure.value)
    values.set(figure.name, known)
  }
  return [...values].map(([name, { unit, values: all }]) => {
    const sorted = all.toSorted((a, b) => a - b)
    return { name, unit, runs: sorted.length, min: sorted[0] ?? 0, median: sorted[sorted.length >> 1] ?? 0, max: sorted.at(-1) ?? 0 }
  })
}

export function table(rows: readonly FigureRow[]): string {
  const text = (value: number): string => (Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3))
  const lines = rows.map((row) => `| ${row.name} | ${row.unit} | ${row.runs} | ${text(row.min)} | ${text(row.median)} | ${text(row.max)} |`)
  return ['| figure | unit | runs | min | median | max |', '|---|---|---|---|---|---|', ...lines].join('\n')
}
