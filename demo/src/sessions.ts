/** Sessions begin at a log-in and go on to the guide and to play; some leave on the way. */
export interface Sessions {
  /** The session that does this next. */
  of(method: string, path: string): string
}

/** Of so many sessions one leaves before the next step. */
const LEAVES_ONE_IN = 9
/** Sessions that wait for a step, and that are still about. */
const KEPT = 200

export function createSessions(name: string): Sessions {
  const toGuide: string[] = []
  const toPlay: string[] = []
  const about: string[] = []
  let made = 0
  const go = (session: string, waiting: string[]): string => {
    if (made % LEAVES_ONE_IN !== 0) waiting.push(session)
    if (waiting.length > KEPT) waiting.shift()
    return session
  }
  const begin = (): string => {
    const session = `${name}-${(made++).toString(36).padStart(4, '0')}`
    about.push(session)
    if (about.length > KEPT) about.shift()
    return session
  }
  const another = (): string => about[made % Math.max(1, about.length)] ?? begin()
  return {
    of(_method, path) {
      if (path === '/login') return go(begin(), toGuide)
      if (path === '/epg') return go(toGuide.shift() ?? another(), toPlay)
      return path.startsWith('/play/') ? (toPlay.shift() ?? another()) : another()
    },
  }
}
