import type { RunOutcome } from '@skein/schemas/api/scenarios'
import type { ScenarioQuestion } from './contract-scenarios.ts'

/** A record that is a step, by hand. */
export interface Match {
  key: string
  atMs: number
  step: number
  erred: boolean
  took: number
  id: number
}

export interface ReferenceRun {
  short: string
  outcome: RunOutcome
  reached: boolean[]
  erred: boolean[]
  dropped: boolean[]
  slow: boolean
}

type Asked = Pick<ScenarioQuestion, 'startMs' | 'endMs' | 'nowMs' | 'withinMs' | 'steps' | 'success'>

/** Runs as a person would find them, one key and one match after the other. */
export function referenceRuns(matches: readonly Match[], asked: Asked): ReferenceRun[] {
  const near = matches.filter((match) => match.atMs >= asked.startMs - asked.withinMs && match.atMs < asked.endMs + asked.withinMs)
  return Object.values(Object.groupBy(near, (match) => match.key)).flatMap((all = []) => {
    const sorted = all.toSorted((a, b) => a.atMs - b.atMs || a.step - b.step || Number(a.erred) - Number(b.erred) || a.took - b.took)
    const starts: number[] = []
    let before: Match | undefined
    for (const match of sorted) {
      const again = before?.step === 0 && match.atMs - before.atMs <= asked.withinMs
      if (match.step === 0 && !again) starts.push(match.atMs)
      before = match
    }
    return starts.flatMap((startMs, at) => {
      if (startMs < asked.startMs || startMs >= asked.endMs) return []
      const endMs = Math.min(startMs + asked.withinMs, starts[at + 1] ?? Infinity)
      return [
        runOf(
          sorted.filter((match) => match.atMs >= startMs && match.atMs < endMs),
          { startMs, endMs, asked },
        ),
      ]
    })
  })
}

function runOf(matches: readonly Match[], { startMs, endMs, asked }: { startMs: number; endMs: number; asked: Asked }): ReferenceRun {
  let dueMs = startMs
  const steps = asked.steps.map((step, at) => {
    const candidates = matches.filter((match) => match.step === at && match.atMs >= dueMs)
    const hit = candidates.find((match) => !match.erred)
    const miss = candidates.find((match) => match.erred && (hit === undefined || match.atMs < hit.atMs))
    const due = dueMs !== Infinity
    if (hit !== undefined) dueMs = hit.atMs
    else if (!step.optional) dueMs = Infinity
    return { hit, miss, due, slow: hit !== undefined && step.slowNs !== null && hit.took > step.slowNs }
  })
  const open = endMs > asked.nowMs
  const slow = steps.some((step) => step.slow)
  const failed = steps.some((step, at) => asked.steps[at]?.optional === false && step.hit === undefined && step.miss !== undefined)
  const outcome = steps[asked.success]?.hit !== undefined ? (slow ? 'slow' : 'ok') : open ? 'open' : failed ? 'failed' : 'lost'
  const ns = (match: Match | undefined): string => (match === undefined ? '-' : `${match.atMs}000000`)
  return {
    short: [matches[0]?.key, `${startMs}000000`, outcome, ...steps.map(({ hit, miss }) => `${ns(hit)}/${ns(miss)}`)].join(' '),
    outcome,
    reached: steps.map(({ hit }) => hit !== undefined),
    erred: steps.map(({ miss }) => miss !== undefined),
    dropped: steps.map(({ hit, due }) => due && hit === undefined && !open),
    slow,
  }
}
