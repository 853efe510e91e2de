'use client'
import { useQueryClient } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { useRouter } from 'next/navigation'
import { useMemo } from 'react'
import { serviceLink } from '../../services/service-link.ts'
import { LOG_TABS, readLogQuery, SAVED_LOGS_KEY } from '../../logs/url.ts'
import { readSaved } from '../../search/saved-searches.ts'
import { SAVED_TRACES_KEY, searchLink } from '../../traces/search-link.ts'
import { COMPARISONS } from '../../url/baseline.ts'
import { RELATIVE_RANGES } from '../../url/time-range.ts'
import { LIVE, type LinkParameters, useHref, useView } from '../../url/view-state.ts'
import { PAGES } from '../pages.ts'
import { useStored } from '../use-stored.ts'
import { THEMES, useLanguage, useTheme } from '../preferences.ts'
import type { PaletteEntry } from './entries.ts'
import { pastedTraceId } from './entries.ts'
import { useKnownOperations, useKnownServices } from './use-known.ts'

/** Everything the palette can do for what was typed, unsorted. */
export function useEntries(typed: string, openHelp: () => void): PaletteEntry[] {
  const pages = usePageEntries()
  const places = usePlaceEntries(typed)
  const views = useViewEntries()
  const looks = useLookEntries(openHelp)
  const trace = useTraceEntry(typed)
  const searches = useSearchEntries()
  const logs = useLogEntries(typed)
  return useMemo(() => [...trace, ...pages, ...searches, ...logs, ...places, ...views, ...looks], [trace, pages, searches, logs, places, views, looks])
}

/** Opens a page of Skein with the shared view kept. */
function useGo(): (path: string, parameters?: LinkParameters) => void {
  const router = useRouter()
  const href = useHref()
  return (path, parameters) => router.push(href(path, parameters))
}

function useTraceEntry(typed: string): PaletteEntry[] {
  const t = useTranslations('palette')
  const go = useGo()
  const id = pastedTraceId(typed)
  return id === null
    ? []
    : [
        {
          id: `trace:${id}`,
          group: 'trace',
          label: t('openTrace', { id: `${id.slice(0, 8)}…${id.slice(-4)}` }),
          icon: 'traces',
          run: () => go('/trace', { id }),
        },
      ]
}

/** Searches for traces that were kept under a name. */
function useSearchEntries(): PaletteEntry[] {
  const t = useTranslations('palette')
  const go = useGo()
  const [stored] = useStored(SAVED_TRACES_KEY)
  return readSaved(stored).flatMap(({ name, query }): PaletteEntry[] => {
    const link = searchLink(query)
    return link === null
      ? []
      : [{ id: `search:${name}`, group: 'page', label: t('search', { name }), hint: query, icon: 'search', run: () => go('/traces', link) }]
  })
}

/** The parts of the page of logs, searches that were kept, and what was typed as a search. */
function useLogEntries(typed: string): PaletteEntry[] {
  const t = useTranslations()
  const go = useGo()
  const [stored] = useStored(SAVED_LOGS_KEY)
  const entry = (id: string, label: string, parameters: LinkParameters, more: Partial<PaletteEntry> = {}): PaletteEntry => ({
    id: `logs:${id}`,
    group: 'page',
    label,
    icon: 'logs',
    run: () => go('/logs', parameters),
    ...more,
  })
  const wanted = typed.trim()
  return [
    ...LOG_TABS.slice(1).map((tab) => entry(tab, t('palette.logsTab', { tab: t(`logs.tab.${tab}`) }), { tab }, { also: `logs ${tab}` })),
    ...readSaved(stored).map(({ name, query }) => entry(`search ${name}`, t('palette.searchLogs', { name }), { q: query }, { hint: query })),
    ...(wanted.length > 1 && readLogQuery(wanted).ok
      ? [entry('typed', t('palette.logsWith', { typed: wanted }), { q: wanted }, { group: 'action', last: true })]
      : []),
  ]
}

function usePageEntries(): PaletteEntry[] {
  const t = useTranslations('nav')
  const go = useGo()
  return PAGES.map((page) => ({
    id: `page:${page.id}`,
    group: 'page',
    label: t(page.id),
    also: page.id,
    hint: `g ${page.key}`,
    icon: page.icon,
    run: () => go(page.path),
  }))
}

/** Services, and the operations of those that come nearest to what was typed. */
function usePlaceEntries(typed: string): PaletteEntry[] {
  const go = useGo()
  const services = useKnownServices()
  const operations = useKnownOperations(services, typed)
  return [
    ...services.map((service): PaletteEntry => {
      const link = serviceLink(service)
      const place = [service.environment, service.cluster, service.namespace].filter((part) => part !== '').join(' / ')
      return { id: `service:${service.id}`, group: 'service', label: service.name, hint: place, icon: 'services', run: () => go(link.path, link.parameters) }
    }),
    ...operations.map(
      ({ service, operation }): PaletteEntry => ({
        id: `operation:${service} ${operation}`,
        group: 'operation',
        label: operation,
        also: `${service} ${operation}`,
        hint: service,
        icon: 'traces',
        run: () => go('/traces', { service, operation }),
      }),
    ),
  ]
}

/** Range, refresh, zone and comparison of the page. */
function useViewEntries(): PaletteEntry[] {
  const t = useTranslations()
  const { view, setView } = useView()
  const action = (id: string, label: string, run: () => void): PaletteEntry => ({ id: `action:${id}`, group: 'action', label, icon: 'clock', run })
  return [
    ...RELATIVE_RANGES.map((from) => action(from, t('palette.range', { range: t(`range.${from}`) }), () => void setView({ from, to: 'now' }))),
    ...LIVE.map((live) => action(`live ${live}`, t('palette.live', { every: t(`range.${live}`) }), () => void setView({ live }))),
    ...COMPARISONS.map((vs) => action(`vs ${vs}`, t('palette.compare', { with: t(`versus.${vs}`) }), () => void setView({ vs }))),
    action(
      'zone',
      t('palette.zone', { zone: t(view.tz === 'utc' ? 'range.local' : 'range.utc') }),
      () => void setView({ tz: view.tz === 'utc' ? 'local' : 'utc' }),
    ),
  ]
}

function useLookEntries(openHelp: () => void): PaletteEntry[] {
  const t = useTranslations()
  const { setTheme } = useTheme()
  const { toggleLanguage } = useLanguage()
  const queries = useQueryClient()
  const icons = { light: 'sun', dark: 'moon', system: 'contrast' } as const
  return [
    ...THEMES.map(
      (theme): PaletteEntry => ({
        id: `action:theme ${theme}`,
        group: 'action',
        label: t('action.theme', { theme: t(`theme.${theme}`) }),
        also: `theme ${theme}`,
        icon: icons[theme],
        run: () => setTheme(theme),
      }),
    ),
    { id: 'action:language', group: 'action', label: t('action.language'), also: 'language 语言', icon: 'services', run: toggleLanguage },
    { id: 'action:refresh', group: 'action', label: t('action.refresh'), icon: 'refresh', run: () => void queries.invalidateQueries() },
    {
      id: 'action:copy',
      group: 'action',
      label: t('action.copyLink'),
      icon: 'link',
      run: () => void navigator.clipboard?.writeText(window.location.href).catch(() => undefined),
    },
    { id: 'action:help', group: 'action', label: t('action.help'), hint: '?', icon: 'services', run: openHelp },
  ]
}
