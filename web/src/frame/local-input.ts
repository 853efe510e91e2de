/** What a `datetime-local` input holds for a moment: wall clock of the browser's zone, or of UTC. */
export function localInputOf(timeMs: number, utc: boolean): string {
  const shiftMs = utc ? 0 : new Date(timeMs).getTimezoneOffset() * 60_000
  return new Date(timeMs - shiftMs).toISOString().slice(0, 19)
}

/** The text of such an input as a moment that `Date.parse` reads in the right zone. */
export function timeOfInput(text: string, utc: boolean): string {
  return utc && text !== '' ? `${text}Z` : text
}
