'use client'
import { useTranslations } from 'next-intl'
import type { TraceSummary } from '@skein/schemas/api/traces'
import { useRef } from 'react'
import { useFormat } from '../format/use-format.ts'
import { useWidth } from '../ui/use-width.ts'
import { useFacets } from './use-facets.ts'
import type { TracesState } from './url.ts'

export interface FacetPanelProps {
  traces: readonly TraceSummary[]
  /** There are more than these. */
  more: boolean
  state: TracesState
  set: (state: Partial<TracesState>) => void
}

/** What matches, each a filter. It says of how many the counts are: of all, or of some that were drawn by lot; entries are of the traces loaded. */
export function FacetPanel({ traces, more, state, set }: FacetPanelProps) {
  const t = useTranslations('traces.facet')
  const format = useFormat()
  const panel = useRef<HTMLElement>(null)
  // no width: a narrow screen has no room for it
  const shown = useWidth(panel) > 0
  const facets = useFacets(traces, { more, shown }, state)
  const count = format.integer(facets.of)
  const isDrawn = facets.total !== null && facets.total > facets.of
  const ofHowMany = isDrawn
    ? t('drawn', { count, total: format.integer(facets.total ?? 0) })
    : t(more && facets.total === null ? 'sampled' : 'whole', { count })
  const toggle = (name: 'service' | 'entry', value: string) => set({ [name]: state[name] === value ? '' : value })
  return (
    <aside ref={panel} aria-label={t('label')} className="hidden w-56 flex-none flex-col gap-3 overflow-auto wide:flex">
      <p className="text-11 text-t3">{ofHowMany}</p>
      <Facet
        title={t('service')}
        of={facets.of}
        values={facets.services.map(({ value, count }) => ({ value, count, active: state.service === value, onToggle: () => toggle('service', value) }))}
      />
      <Facet
        title={t('entry')}
        {...(facets.total === null ? {} : { hint: t('sampled', { count: format.integer(facets.loaded) }) })}
        of={facets.loaded}
        values={facets.entries.map(({ value, count, operation }) => ({
          value,
          count,
          active: state.entry === operation,
          onToggle: () => toggle('entry', operation),
        }))}
      />
      <Facet
        title={t('status')}
        of={facets.of}
        values={[
          {
            value: t('failed'),
            count: facets.failed,
            active: state.error === 'true',
            onToggle: () => set({ error: state.error === 'true' ? 'any' : 'true' }),
          },
        ]}
      />
    </aside>
  )
}

interface FacetProps {
  title: string
  hint?: string
  of: number
  values: readonly { value: string; count: number; active: boolean; onToggle: () => void }[]
}

function Facet({ title, hint, of, values }: FacetProps) {
  const format = useFormat()
  return (
    <section aria-label={title}>
      <h3 className="mb-1">{title}</h3>
      {hint !== undefined && <p className="mb-1 text-11 text-t3">{hint}</p>}
      <ul>
        {values.map(({ value, count, active, onToggle }) => (
          <li key={value}>
            <button
              type="button"
              aria-pressed={active}
              title={value}
              onClick={onToggle}
              className="grid w-full grid-cols-[minmax(0,1fr)_auto] items-center gap-x-2 rounded-1 px-1 py-[3px] text-left hover:bg-hover aria-pressed:bg-accent-bg"
            >
              <span className="truncate">{value}</span>
              <span className="text-t3">{format.integer(count)}</span>
              <span aria-hidden="true" className="col-span-2 h-[3px] overflow-hidden rounded-1 bg-sunken">
                <i className="block h-full bg-t3" style={{ width: `${of > 0 ? (count / of) * 100 : 0}%` }} />
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}
