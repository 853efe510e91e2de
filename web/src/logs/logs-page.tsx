'use client'
import { useTranslations } from 'next-intl'
import { useQueryStates } from 'nuqs'
import dynamic from 'next/dynamic'
import type { ComponentType } from 'react'
import { Page } from '../frame/page.tsx'
import { LogsBar } from './logs-bar.tsx'
import { PatternsTab } from './patterns-tab.tsx'
import { SearchTab } from './search-tab.tsx'
import { DroppedTab } from './dropped/dropped-tab.tsx'
import { TailTab } from './tail/tail-tab.tsx'
import { logsParsers, type LogTab, type SetLogs, type TabProps } from './url.ts'

/** Reading rules needs an engine for expressions, which looking for lines does not. */
const RulesTab = dynamic<TabProps>(() => import('./rules/rules-tab.tsx').then((module) => module.RulesTab), { ssr: false })

/** What was said? */
export function LogsPage() {
  const nav = useTranslations('nav')
  const [state, setState] = useQueryStates(logsParsers, { history: 'push' })
  const set: SetLogs = (next) => void setState(next)
  const Tab = TABS[state.tab]
  return (
    <Page title={nav('logs')} canvas bar={<LogsBar state={state} set={set} />}>
      <Tab state={state} set={set} />
    </Page>
  )
}

const TABS: Readonly<Record<LogTab, ComponentType<TabProps>>> = {
  search: SearchTab,
  patterns: PatternsTab,
  tail: TailTab,
  rules: RulesTab,
  dropped: DroppedTab,
}
