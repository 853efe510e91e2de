'use client'
import { buttonClass } from '../ui/button.tsx'
import { ViewLink } from '../ui/view-link.tsx'

/** Begins a rule for the lines of a search. */
export function RuleLink({ match, label, small = false }: { match: string; label: string; small?: boolean }) {
  return (
    <ViewLink path="/logs" parameters={{ tab: 'rules', rule: 'new', match }} className={buttonClass({ small })}>
      {label}
    </ViewLink>
  )
}
