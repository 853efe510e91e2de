import { parseWindow, parseTime, type Window } from '../window.ts'

/** The very window asked for; without an end up to the end of this minute, so that a clock that is a little ahead hides nothing. */
export function parseLogWindow(parameters: { start?: string | undefined; end?: string | undefined }, nowMs: number): Window {
  const whole = parseWindow(parameters, nowMs)
  return {
    startMs: parameters.start === undefined ? whole.startMs : parseTime('start', parameters.start, nowMs),
    endMs: parameters.end === undefined || parameters.end === 'now' ? whole.endMs : parseTime('end', parameters.end, nowMs),
  }
}

const SECOND_MS = 1000
const STEPS_SECONDS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400]

/** Steps people read easily, at most so many, whole in Unix time, over the whole window. */
export function histogramSteps({ startMs, endMs }: Window, most: number): { stepMs: number; timesMs: number[] } {
  const fits = (stepMs: number): boolean => Math.ceil((endMs - startMs) / stepMs) <= most
  const known = STEPS_SECONDS.map((seconds) => seconds * SECOND_MS).find(fits)
  const dayMs = 86_400 * SECOND_MS
  const stepMs = known ?? Math.ceil((endMs - startMs) / most / dayMs) * dayMs
  const timesMs: number[] = []
  for (let timeMs = Math.floor(startMs / stepMs) * stepMs; timeMs < endMs; timeMs += stepMs) timesMs.push(timeMs)
  return { stepMs, timesMs }
}
