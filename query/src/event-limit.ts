const MINUTE_MS = 60_000
const MAX_LINES = 10

/** At most 10 lines a minute of one event. Null: say nothing now; a number: say it, and that so many before were not said. */
export function createEventLimit(clock: () => number): (event: string) => number | null {
  const events = new Map<string, { minute: number; lines: number; unsaid: number }>()
  return (event) => {
    const minute = Math.floor(clock() / MINUTE_MS)
    const known = events.get(event)
    const state = known?.minute === minute ? known : { minute, lines: 0, unsaid: known?.unsaid ?? 0 }
    events.set(event, state)
    if (state.lines >= MAX_LINES) {
      state.unsaid += 1
      return null
    }
    const { unsaid } = state
    state.lines += 1
    state.unsaid = 0
    return unsaid
  }
}
