'use client'
import { useIsFetching, useQueryClient } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { useStatus } from '../api/questions.ts'
import { Button } from '../ui/button.tsx'
import { CopyButton } from '../ui/copy-button.tsx'
import { Icon } from '../ui/icon.tsx'
import { useView } from '../url/view-state.ts'
import { useLanguage, useTheme } from './preferences.ts'
import { RangePicker } from './range-picker.tsx'
import { withPresent } from './with-present.ts'

const THEME_ICONS = { light: 'sun', dark: 'moon', system: 'contrast' } as const

export function TopBar({ slotRef, onHelp }: { slotRef: (element: HTMLElement | null) => void; onHelp: () => void }) {
  const t = useTranslations()
  const { theme, cycleTheme } = useTheme()
  const { toggleLanguage } = useLanguage()
  const themeLabel = t('action.theme', { theme: t(`theme.${theme}`) })
  return (
    <header className="relative flex min-w-0 items-center gap-2 border-b border-line bg-surface px-3 phone:col-start-2">
      <div className="mr-auto flex min-w-0 items-center gap-1.5">
        <ScopePicker />
        <div ref={slotRef} className="flex min-w-0 items-center gap-1.5" />
      </div>
      <RangePicker />
      <RefreshButton />
      <span className="hidden phone:contents">
        <CopyButton text={() => window.location.href} label={t('action.copyLink')} icon="link" />
        <Button square aria-label={t('action.help')} title={t('action.help')} onClick={onHelp}>
          <span aria-hidden="true">?</span>
        </Button>
      </span>
      <Button square aria-label={themeLabel} title={themeLabel} onClick={cycleTheme}>
        <Icon name={THEME_ICONS[theme]} size={14} />
      </Button>
      <Button look="ghost" small aria-label={t('action.language')} title={t('action.language')} onClick={toggleLanguage}>
        {t('action.languageShort')}
      </Button>
    </header>
  )
}

/** Tenant and environment of the breadcrumb; the environment travels with every link. */
function ScopePicker() {
  const t = useTranslations('environment')
  const status = useStatus()
  const { view, setView } = useView()
  const environments = withPresent(status.data?.environments ?? [], view.env)
  return (
    <span className="hidden items-center gap-1.5 whitespace-nowrap phone:flex">
      <span className="hidden text-t2 wide:inline">{status.data?.tenant ?? ''}</span>
      <span className="hidden text-t3 wide:inline">/</span>
      <select
        aria-label={t('label')}
        value={view.env}
        onChange={(event) => void setView({ env: event.target.value })}
        className="h-6 max-w-40 cursor-pointer truncate rounded-2 bg-surface font-medium hover:bg-hover"
      >
        <option value="">{t('all')}</option>
        {environments.map((environment) => (
          <option key={environment} value={environment}>
            {environment}
          </option>
        ))}
      </select>
      <span className="text-t3">/</span>
    </span>
  )
}

function RefreshButton() {
  const t = useTranslations('action')
  const queries = useQueryClient()
  const busy = useIsFetching() > 0
  return (
    <Button square aria-label={t('refresh')} title={t('refresh')} aria-busy={busy} onClick={() => void queries.invalidateQueries()}>
      <Icon name="refresh" size={14} />
    </Button>
  )
}
