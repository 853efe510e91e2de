/**
 * Lets a few large bodies be decompressed at a time, the others wait their turn: all at once they would share out the
 * budget so that none comes to its end.
 */
export interface DecodeGate {
  /** Resolves with what gives the place back; null when too many are waiting. */
  enter(): Promise<(() => void) | null>
}

export function createDecodeGate(options: { places: number; maxWaiting: number }): DecodeGate {
  const waiting: (() => void)[] = []
  let free = options.places

  function leave(): void {
    const next = waiting.shift()
    if (next === undefined) free++
    else next()
  }

  return {
    async enter() {
      if (free > 0) free--
      else if (waiting.length >= options.maxWaiting) return null
      else await new Promise<void>((resolve) => waiting.push(resolve))
      return leave
    },
  }
}
