export interface RowsPalette {
  font: string
  surface: string
  selected: string
  hover: string
  line: string
  grid: string
  text1: string
  text2: string
  text3: string
  bad: string
  degraded: string
  ctl: string
  network: string
  wait: string
  queue: string
  /** Colour of a token such as `var(--cat-1)`. */
  of: (color: string) => string
}

export function readRowsPalette(style: CSSStyleDeclaration): RowsPalette {
  const token = (name: string): string => style.getPropertyValue(name).trim()
  const colors = new Map<string, string>()
  return {
    font: token('--font-sans'),
    surface: token('--surface'),
    selected: token('--selected'),
    hover: token('--hover'),
    line: token('--border'),
    grid: token('--grid'),
    text1: token('--text-1'),
    text2: token('--text-2'),
    text3: token('--text-3'),
    bad: token('--bad'),
    degraded: token('--degraded-text'),
    ctl: token('--ctl-border'),
    network: token('--time-network'),
    wait: token('--time-wait'),
    queue: token('--time-queue'),
    of: (color) => {
      const known = colors.get(color) ?? token(color.slice(4, -1))
      colors.set(color, known)
      return known
    },
  }
}
