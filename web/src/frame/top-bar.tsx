'use client'
import { useIsFetching, useQueryClient } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { useStatus } from '../api/questions.ts'
import { Button } from '../ui/button.tsx'
import { CopyButton } from '../ui/copy-button.tsx'
import { Icon } from '../ui/icon.tsx'
import { ComparisonPicker } from './comparison-picker.tsx'
import { EnvironmentPicker } from './environment-picker.tsx'
import { useLanguage, useTheme } from './preferences.ts'
import { RangePicker } from './range-picker.tsx'

const THEME_ICONS = { light: 'sun', dark: 'moon', system: 'contrast' } as const

export interface TopBarProps {
  slotRef: (element: HTMLElement | null) => void
  onHelp: () => void
  onPalette: () => void
}

export function TopBar({ slotRef, onHelp, onPalette }: TopBarProps) {
  const t = useTranslations()
  const { theme, cycleTheme } = useTheme()
  const { toggleLanguage } = useLanguage()
  const themeLabel = t('action.theme', { theme: t(`theme.${theme}`) })
  return (
    <header className="relative flex min-w-0 items-center gap-2 border-b border-line bg-surface px-3 phone:col-start-2">
      <div className="mr-auto flex min-w-0 items-center gap-1.5">
        <Scope />
        <div ref={slotRef} className="flex min-w-0 items-center gap-1.5" />
      </div>
      <PaletteButton onOpen={onPalette} />
      <RangePicker />
      <ComparisonPicker />
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
      <Button look="ghost" small title={t('action.language')} onClick={toggleLanguage}>
        {t('action.languageShort')}
        <span className="sr-only">{t('action.language')}</span>
      </Button>
    </header>
  )
}

/** Looks like the box it opens; below 1180 px its icon alone. */
function PaletteButton({ onOpen }: { onOpen: () => void }) {
  const t = useTranslations('palette')
  return (
    <button
      type="button"
      aria-keyshortcuts="Meta+K Control+K"
      title={t('label')}
      onClick={onOpen}
      className="flex h-7 flex-none items-center gap-2 rounded-2 border border-ctl bg-sunken px-[7px] text-t3 hover:bg-hover wide:w-52"
    >
      <Icon name="search" size={14} />
      <span className="sr-only wide:not-sr-only wide:flex-1 wide:truncate wide:text-left">{t('short')}</span>
      <span aria-hidden="true" className="hidden wide:inline">
        <kbd>⌘K</kbd>
      </span>
    </button>
  )
}

/** Tenant and environment of the breadcrumb. */
function Scope() {
  const status = useStatus()
  return (
    <span className="hidden items-center gap-1.5 whitespace-nowrap phone:flex">
      {status.data !== undefined && (
        <span className="hidden items-center gap-1.5 wide:flex">
          <span className="text-t2">{status.data.tenant}</span>
          <span className="text-t3">/</span>
        </span>
      )}
      <EnvironmentPicker />
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
