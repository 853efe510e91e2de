import { type EdgeStroke, STROKE_TOKENS } from './edge-look.ts'

/** Colours of the present theme as a canvas needs them. */
export interface Palette {
  /** By what the colour of an edge says. */
  strokes: Readonly<Record<EdgeStroke, string>>
  canvas: string
  surface: string
  border: string
  text1: string
  text2: string
  text3: string
  accent: string
  ok: string
  degraded: string
  bad: string
  unknown: string
  font: string
}

const TOKENS: Readonly<Record<Exclude<keyof Palette, 'strokes'>, string>> = {
  canvas: '--canvas',
  surface: '--surface',
  border: '--border-strong',
  text1: '--text-1',
  text2: '--text-2',
  text3: '--text-3',
  accent: '--accent',
  ok: '--ok',
  degraded: '--degraded',
  bad: '--bad',
  unknown: '--unknown',
  font: '--font-sans',
}

/** `token` gives the computed value of a custom property. */
export function readPalette(token: (name: string) => string): Palette {
  const entries = Object.entries(TOKENS).map(([key, name]) => [key, token(name).trim()] as const)
  const strokes = Object.entries(STROKE_TOKENS).map(([key, name]) => [key, token(name).trim()] as const)
  return { ...(Object.fromEntries(entries) as Record<keyof typeof TOKENS, string>), strokes: Object.fromEntries(strokes) as Palette['strokes'] }
}
