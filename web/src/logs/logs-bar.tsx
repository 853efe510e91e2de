'use client'
import { useTranslations } from 'next-intl'
import { useRouter } from 'next/navigation'
import { QueryBar } from '../search/query-bar.tsx'
import { SavedMenu } from '../search/saved-menu.tsx'
import { traceIdOf } from '../trace/url.ts'
import { ClusterPicker } from '../frame/cluster-picker.tsx'
import { Segmented } from '../ui/segmented.tsx'
import { useHref } from '../url/view-state.ts'
import { faultWords } from '../ui/failure-words.ts'
import { ExportMenu } from './export-menu.tsx'
import { RuleLink } from './rule-link.tsx'
import { LOG_TABS, type LogsState, readLogQuery, SAVED_LOGS_KEY, type SetLogs } from './url.ts'
import { useSuggestions } from './use-suggestions.ts'

/** The tabs; for those that look for lines, the search, what was kept of it and what can be taken away. */
export function LogsBar({ state, set }: { state: LogsState; set: SetLogs }) {
  const t = useTranslations('logs')
  return (
    <>
      <Segmented
        label={t('tabs')}
        value={state.tab}
        onChange={(tab) => set({ tab, line: '' })}
        options={LOG_TABS.map((value) => ({ value, label: t(`tab.${value}`) }))}
      />
      {(state.tab === 'search' || state.tab === 'tail') && (
        <>
          <LogQueryBar q={state.q} onSearch={(q) => set({ q, line: '' })} />
          <ClusterPicker />
          <SavedMenu storedAs={SAVED_LOGS_KEY} query={state.q} onChoose={(q) => set({ q, line: '' })} />
          <RuleLink match={state.q} label={t('newRule')} />
          {state.tab === 'search' && <ExportMenu state={state} />}
        </>
      )}
    </>
  )
}

/** The search for lines as one line; a pasted trace id opens its trace. */
function LogQueryBar({ q, onSearch }: { q: string; onSearch: (q: string) => void }) {
  const t = useTranslations('logs.query')
  const words = useTranslations()
  const router = useRouter()
  const href = useHref()
  const { suggest, onType } = useSuggestions()
  return (
    <QueryBar
      label={t('label')}
      placeholder={t('placeholder')}
      text={q}
      read={readLogQuery}
      suggest={suggest}
      onType={onType}
      fault={(wrong) => t('fault', { column: wrong.column, detail: faultWords(words, wrong) })}
      onPasted={(text) => {
        const id = traceIdOf(text)
        if (id !== null) router.push(href('/trace', { id }))
        return id !== null
      }}
      onSearch={(_read, text) => onSearch(text.trim())}
    />
  )
}
