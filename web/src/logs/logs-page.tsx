'use client'
import { useTranslations } from 'next-intl'
import { useQueryStates } from 'nuqs'
import { Page } from '../frame/page.tsx'
import { LogsBar } from './logs-bar.tsx'
import { SearchTab } from './search-tab.tsx'
import { TailTab } from './tail/tail-tab.tsx'
import { logsParsers, type LogsState, type SetLogs } from './url.ts'

/** What was said? */
export function LogsPage() {
  const nav = useTranslations('nav')
  const [state, setState] = useQueryStates(logsParsers, { history: 'push' })
  const set: SetLogs = (next) => void setState(next)
  return (
    <Page title={nav('logs')} canvas bar={<LogsBar state={state} set={set} />}>
      <Tab state={state} set={set} />
    </Page>
  )
}

function Tab({ state, set }: { state: LogsState; set: SetLogs }) {
  if (state.tab === 'tail') return <TailTab state={state} set={set} />
  return <SearchTab state={state} set={set} />
}
