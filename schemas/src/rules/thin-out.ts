import type { RuleAction } from '../log-rule.ts'
import { hash32, hash64, shapeOf } from './hash.ts'
import { fieldOf } from './rule-line.ts'
import { type Act, type ActionResult, dropped, kept } from './run.ts'

type Sample = Extract<RuleAction, { type: 'sample' }>
type RateLimit = Extract<RuleAction, { type: 'rate_limit' }>

const MINUTE_MS = 60_000

/** Which lines are kept depends on what they say alone, so that a line that is judged again is judged alike. */
export function sampler(action: Sample, place: string): Act {
  const { by, percent = 0, first = 0, oneIn = 0 } = action
  if (by === 'pattern') return patternSampler(place, first, oneIn)
  const limit = (percent / 100) * 2 ** 32
  return (line) => {
    if (by === 'trace' && line.sampled) return kept('its trace was sampled')
    const subject = by === 'trace' && line.traceId !== '' ? line.traceId : `${line.timeNs} ${line.service} ${line.body}`
    return hash32(subject) < limit ? kept(`is of the ${percent} % that stay`) : dropped('sample', `is not of the ${percent} % that stay`)
  }
}

/** The like of a line: its service and its body without what has digits in it. */
function patternSampler(place: string, first: number, oneIn: number): Act {
  return (line, { counters }) => {
    const before = counters.next(place, hash64(`${line.service} ${shapeOf(line.body)}`), { lengthMs: MINUTE_MS, logTimeMs: line.logTimeMs, enough: first })
    if (before < first) return kept(`is number ${before + 1} of its pattern in this minute`)
    const stays = oneIn > 0 && (before - first + 1) % oneIn === 0
    const message = `is number ${before + 1} of its pattern in this minute`
    return stays ? kept(message) : dropped('sample', message)
  }
}

export function rateLimiter({ lines, per, key = [] }: RateLimit, place: string): Act {
  const lengthMs = per === 'second' ? 1000 : MINUTE_MS
  return (line, { counters }): ActionResult => {
    const values = key.map((name) => JSON.stringify(fieldOf(line, name) ?? null)).join()
    const before = counters.next(place, hash64(values), { lengthMs, logTimeMs: line.logTimeMs, enough: lines })
    const message = `is number ${before + 1} in this ${per}, of ${lines}`
    return before < lines ? kept(message) : dropped('rate_limit', message)
  }
}
