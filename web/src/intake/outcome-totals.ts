import type { IntakeAnswer } from '@skein/schemas/api/intake'
import type { OutcomeKind, OutcomeReason } from '@skein/schemas/outcomes'

type Outcomes = IntakeAnswer['outcomes']

/** Records of each kind in the window. */
export function outcomeTotals(outcomes: Outcomes): Record<OutcomeKind, number> {
  const totals: Record<OutcomeKind, number> = { refused: 0, cut: 0, repeat: 0, dead: 0 }
  for (const outcome of outcomes) totals[outcome.kind] += outcome.records
  return totals
}

/** The reasons that occurred. */
export function reasonsSeen(outcomes: Outcomes): ReadonlySet<OutcomeReason> {
  return new Set(outcomes.map((outcome) => outcome.reason))
}
