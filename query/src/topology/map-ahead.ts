/** Makes answers of the map before they are asked for. */
export interface MapAhead {
  /** An answer was given: while its map stays open, `make` makes the next one, which costs nothing when nothing changed. */
  asked(key: string, make: () => Promise<unknown>): void
  stop(): void
}

export interface MapAheadOptions {
  /** Reads what the map of the last hour is made of, so that who opens one first does not wait for an hour of rows. */
  lastHour: () => Promise<unknown>
  /** Reads what the map of an hour is made of that ended so many hours before this one, 0 = the newest whole one. */
  earlierHour: (hoursBefore: number) => Promise<unknown>
  /** Monotonic or Unix ms. */
  clock: () => number
}

/** A map that was asked for within so long is open: pages ask every five seconds. */
const OPEN_MS = 15_000
const LOOK_MS = 500
const HOUR_MS = 15_000
/** A day that nobody asked for since the start takes seconds to be read; hour by hour it is there before most ask. */
const EARLIER_HOURS = 24
/** At most a tenth of a core goes into answers that nobody asked for yet. */
const PAUSE_TIMES = 9
/** Open maps that are made ahead; more are made when they are asked for. */
const MOST_MAPS = 20

/**
 * Spans come in all the time, so that an open map has mostly changed when it asks again; making it ahead takes that time from the page to
 * the pause between two pages. A failure is nobody's here: who asks next is told.
 */
export function createMapAhead({ lastHour, earlierHour, clock }: MapAheadOptions): MapAhead {
  const open = new Map<string, { askedMs: number; make: () => Promise<unknown> }>()
  let hourMs = Number.NEGATIVE_INFINITY
  let hoursRead = 0
  let timer: NodeJS.Timeout | undefined
  let looking = false
  let stopped = false

  async function look(): Promise<void> {
    looking = true
    const startMs = clock()
    if (startMs - hourMs >= HOUR_MS) {
      hourMs = startMs
      await lastHour().catch(() => undefined)
    }
    for (const [key, { askedMs, make }] of open) {
      if (startMs - askedMs > OPEN_MS) open.delete(key)
      else if (!stopped) await make().catch(() => undefined)
    }
    if (!stopped && hoursRead < EARLIER_HOURS) await earlierHour(hoursRead++).catch(() => undefined)
    looking = false
    if (!stopped) wait(Math.max(open.size > 0 || hoursRead < EARLIER_HOURS ? LOOK_MS : hourMs + HOUR_MS - clock(), (clock() - startMs) * PAUSE_TIMES))
  }

  function wait(pauseMs: number): void {
    clearTimeout(timer)
    timer = setTimeout(() => void look(), pauseMs).unref()
  }

  wait(LOOK_MS)
  return {
    asked(key, make) {
      const first = open.size === 0
      open.delete(key)
      if (open.size < MOST_MAPS) open.set(key, { askedMs: clock(), make })
      if (first && !looking && !stopped) wait(LOOK_MS)
    },
    stop() {
      stopped = true
      clearTimeout(timer)
    },
  }
}
