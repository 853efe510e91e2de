'use client'
import { useMemo } from 'react'
import { filtered } from './conditions.ts'
import { LogFacets } from './log-facets.tsx'
import { LogHistogram } from './log-histogram.tsx'
import { LinesSection } from './lines-section.tsx'
import { Unreadable } from './unreadable.tsx'
import { readLogQuery, type TabProps } from './url.ts'

/** Counts beside, a histogram above, lines below; everything narrows the same search. */
export function SearchTab({ state, set }: TabProps) {
  const { q } = state
  const conditions = useMemo(() => ({ q }), [q])
  const read = readLogQuery(q)
  const search = (next: string) => set({ q: next, line: '' })
  if (!read.ok) return <Unreadable read={read} onClear={() => search('')} />
  return (
    <div className="flex min-w-0 flex-1">
      <LogFacets
        conditions={conditions}
        added={state.facets}
        onAdded={(facets) => set({ facets })}
        onToggle={(field, value, wanted) => search(filtered(q, field, value, wanted))}
      />
      <section className="flex min-w-0 flex-1 flex-col bg-surface">
        <LogHistogram conditions={conditions} />
        <LinesSection conditions={conditions} state={state} set={set} />
      </section>
    </div>
  )
}
