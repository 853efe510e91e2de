import type { WindowAnswer } from '@skein/schemas/api/window'
import { invalidParameter } from './problem-error.ts'

const MINUTE_MS = 60_000
const DEFAULT_MS = 60 * MINUTE_MS
const UNITS_MS: Record<string, number> = { s: 1000, m: MINUTE_MS, h: 60 * MINUTE_MS, d: 24 * 60 * MINUTE_MS, w: 7 * 24 * 60 * MINUTE_MS }
/** 2100-01-01: nothing later is a time anyone means. */
export const LATEST_MS = 4_102_444_800_000
const RFC_3339 = /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?([Zz]|[+-]\d{2}:\d{2})$/
const GRAMMAR = 'is not a time: give RFC 3339 (2026-11-22T20:10:00Z), Unix milliseconds, or now-15m (s, m, h, d, w)'

export interface Window {
  startMs: number
  endMs: number
}

/** One time of the grammar in Unix ms. Throws a `ProblemError` that names the parameter. */
export function parseTime(parameter: string, text: string, nowMs: number): number {
  const timeMs = readTime(text, nowMs)
  if (timeMs === null || Number.isNaN(timeMs) || timeMs < 0 || timeMs > LATEST_MS) throw invalidParameter(parameter, GRAMMAR)
  return timeMs
}

function readTime(text: string, nowMs: number): number | null {
  if (text === 'now') return nowMs
  const relative = /^now-(\d{1,6})([smhdw])$/.exec(text)
  if (relative !== null) return nowMs - Number(relative[1]) * (UNITS_MS[relative[2] ?? ''] ?? Number.NaN)
  if (/^\d{1,13}$/.test(text)) return Number(text)
  return RFC_3339.test(text) ? Date.parse(text.toUpperCase().replace(' ', 'T')) : null
}

/** Start floored and end ceiled to the minute; the last hour when nothing is given. `names`: what the parameters are called, for errors. */
export function parseWindow(
  parameters: { start?: string | undefined; end?: string | undefined },
  nowMs: number,
  names: { start: string; end: string } = { start: 'start', end: 'end' },
): Window {
  const endMs = parameters.end === undefined ? nowMs : parseTime(names.end, parameters.end, nowMs)
  const startMs = parameters.start === undefined ? Math.max(0, endMs - DEFAULT_MS) : parseTime(names.start, parameters.start, nowMs)
  if (startMs >= endMs) {
    const end = parameters.end === undefined ? 'now' : 'the end'
    throw invalidParameter(names.start, `must be before ${end} (${new Date(endMs).toISOString()})`)
  }
  return { startMs: Math.floor(startMs / MINUTE_MS) * MINUTE_MS, endMs: Math.ceil(endMs / MINUTE_MS) * MINUTE_MS }
}

export function windowAnswerOf(window: Window): WindowAnswer {
  return { start: isoTime(window.startMs), end: isoTime(window.endMs) }
}

export function isoTime(timeMs: number): string {
  return new Date(timeMs).toISOString()
}

/** Minutes that make at most `maxPoints` points, a step people read easily. */
const STEP_MINUTES = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440]

/** Step of a series and the times of its points: whole steps counted from the Unix epoch. */
export function seriesSteps(window: Window, maxPoints: number): { stepSeconds: number; timesMs: number[] } {
  const minutes = (window.endMs - window.startMs) / MINUTE_MS
  const fits = (step: number) => Math.ceil(minutes / step) + 1 <= maxPoints
  const step = STEP_MINUTES.find(fits) ?? Math.ceil(minutes / (maxPoints - 1) / 1440) * 1440
  const stepMs = step * MINUTE_MS
  const timesMs: number[] = []
  for (let timeMs = Math.floor(window.startMs / stepMs) * stepMs; timeMs < window.endMs; timeMs += stepMs) timesMs.push(timeMs)
  return { stepSeconds: step * 60, timesMs }
}
