'use client'
import type { TraceSummary } from '@skein/schemas/api/traces'
import { useTranslations } from 'next-intl'
import { QueryBar } from '../search/query-bar.tsx'
import { SavedMenu } from '../search/saved-menu.tsx'
import { traceIdOf } from '../trace/url.ts'
import { Button } from '../ui/button.tsx'
import { Chip } from '../ui/chip.tsx'
import { Segmented } from '../ui/segmented.tsx'
import { faultWords } from '../ui/failure-words.ts'
import { queryText, readQuery } from './query-text.ts'
import { SAVED_TRACES_KEY } from './search-link.ts'
import { suggestionsAt } from './suggestions.ts'
import { activeFilters, EVERYTHING, type OpenTrace, type SetTraces, type TracesState } from './url.ts'
import { useKnown } from './use-known.ts'

export interface SearchBarProps {
  state: TracesState
  set: SetTraces
  /** Those loaded, for what they can tell of values. */
  traces: readonly TraceSummary[]
  onOpen: OpenTrace
}

/** The search as a line, as chips, and under names; a pasted trace id opens its trace. */
export function SearchBar({ state, set, traces, onOpen }: SearchBarProps) {
  const t = useTranslations('traces')
  const words = useTranslations()
  const known = useKnown(traces, state.service)
  const text = queryText(state)
  const filters = activeFilters(state)
  const choose = (query: string) => {
    const read = readQuery(query)
    if (read.ok) set({ ...read.search, sel: '' })
  }
  return (
    <>
      <QueryBar
        label={t('query.label')}
        placeholder={t('query.placeholder')}
        text={text}
        read={readQuery}
        suggest={(typed, caret) => suggestionsAt(typed, caret, known)}
        fault={(wrong) =>
          t(`query.fault.${wrong.reason}`, { column: wrong.column, detail: wrong.reason === 'grammar' ? faultWords(words, wrong.error) : wrong.detail })
        }
        onPasted={(pasted) => {
          const id = traceIdOf(pasted)
          if (id !== null) onOpen(id)
          return id !== null
        }}
        onSearch={({ search }) => set({ ...search, sel: '' })}
      />
      <Segmented
        label={t('error')}
        value={state.error}
        onChange={(error) => set({ error })}
        options={[
          { value: 'any', label: t('any') },
          { value: 'true', label: t('withErrors') },
          { value: 'false', label: t('withoutErrors') },
        ]}
      />
      <SavedMenu storedAs={SAVED_TRACES_KEY} query={text} onChoose={choose} />
      {filters.length > 0 && (
        <div className="flex w-full flex-wrap items-center gap-1.5">
          {filters.map((filter) => (
            <Chip key={filter.key} name={filter.name} value={filter.value} onRemove={() => set(filter.without)} />
          ))}
          {filters.length > 1 && (
            <Button small look="ghost" onClick={() => set({ ...EVERYTHING, sel: '' })}>
              {t('clearAll')}
            </Button>
          )}
        </div>
      )}
    </>
  )
}
