import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { SEVERITIES_BY_WEIGHT, severityColor } from './severity-look.tsx'

const tokens = readFileSync(new URL('../app/tokens.css', import.meta.url), 'utf8')

/** Values of a token in the themes of the page, as they are written. */
const values = (name: string): string[] => [...tokens.matchAll(new RegExp(`--${name}: (#[0-9a-f]{6});`, 'g'))].map((match) => match[1]!)

describe('bars of a severity', () => {
  it('stand out from the page in each theme, also those of lines that say none', () => {
    const surfaces = values('surface')
    for (const severity of SEVERITIES_BY_WEIGHT.filter((each) => each === 'none' || each === 'warn' || each === 'error')) {
      const colors = values(severityColor(severity))
      expect(colors).toHaveLength(surfaces.length)
      colors.forEach((color, theme) => expect(contrast(color, surfaces[theme]!), severity).toBeGreaterThan(3))
    }
  })
})

/** Of WCAG 2: 1 to 21. */
function contrast(one: string, other: string): number {
  const [dark, light] = [luminance(one), luminance(other)].toSorted((a, b) => a - b) as [number, number]
  return (light + 0.05) / (dark + 0.05)
}

function luminance(hex: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  }) as [number, number, number]
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
