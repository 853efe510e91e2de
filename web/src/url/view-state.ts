'use client'
import { parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs'
import { useCallback, useMemo } from 'react'
import { DEFAULT_RANGE, readable } from './time-range.ts'

export const LIVE = ['1s', '5s', '30s', 'off'] as const
export type Live = (typeof LIVE)[number]
const LIVE_MS: Readonly<Record<Live, number | null>> = { '1s': 1000, '5s': 5000, '30s': 30_000, off: null }

/** What every page shares and every link carries. */
export const viewParsers = {
  from: parseAsString.withDefault(DEFAULT_RANGE.from),
  to: parseAsString.withDefault(DEFAULT_RANGE.to),
  live: parseAsStringLiteral(LIVE).withDefault('5s'),
  tz: parseAsStringLiteral(['local', 'utc']).withDefault('local'),
  env: parseAsString.withDefault(''),
  cluster: parseAsString.withDefault(''),
  vs: parseAsString.withDefault('off'),
  theme: parseAsStringLiteral(['light', 'dark']),
  lang: parseAsStringLiteral(['en', 'zh']),
}

export interface View {
  from: string
  to: string
  live: Live
  tz: 'local' | 'utc'
  env: string
  cluster: string
  /** What the page compares with: `off`, `previous`, `day`, `week`, or the RFC 3339 start of a window of the same length. */
  vs: string
  theme: 'light' | 'dark' | null
  lang: 'en' | 'zh' | null
}

const STANDARD: View = { ...DEFAULT_RANGE, live: '5s', tz: 'local', env: '', cluster: '', vs: 'off', theme: null, lang: null }

/** The shared part of the address. */
export function useView() {
  const [view, setView] = useQueryStates(viewParsers, { history: 'push' })
  return { view: view satisfies View, setView }
}

/** How often an answer is asked again, ms; null when live is off or the window lies in the past. */
export function liveIntervalMs(view: Pick<View, 'live' | 'to'>): number | null {
  return view.to === 'now' ? LIVE_MS[view.live] : null
}

/** The window and scope as the API's parameters; empty ones left out. */
export function scopeOf(view: Pick<View, 'from' | 'to' | 'env' | 'cluster'>): Record<'start' | 'end', string> & Record<string, string> {
  const { from, to } = readable(view)
  return {
    start: from,
    end: to,
    ...(view.env === '' ? {} : { environment: view.env }),
    ...(view.cluster === '' ? {} : { cluster: view.cluster }),
  }
}

export type LinkParameters = Readonly<Record<string, string | number | undefined>>

/** A link that keeps the shared state of the present address and adds the page's own parameters. */
export function hrefOf(path: string, view: View, parameters: LinkParameters = {}): string {
  const query = new URLSearchParams()
  for (const key of Object.keys(STANDARD) as (keyof View)[]) {
    const value = view[key]
    if (value !== null && value !== STANDARD[key]) query.set(key, value)
  }
  for (const [key, value] of Object.entries(parameters)) {
    if (value === undefined || value === '') query.delete(key)
    else query.set(key, String(value))
  }
  const text = query.toString()
  return text === '' ? path : `${path}?${text}`
}

/** `hrefOf` bound to the present address. */
export function useHref() {
  const { view } = useView()
  return useCallback((path: string, parameters?: LinkParameters) => hrefOf(path, view, parameters), [view])
}

/** The API scope of the present address, stable while it does not change. */
export function useScope() {
  const { view } = useView()
  const { from, to, env, cluster } = view
  return useMemo(() => scopeOf({ from, to, env, cluster }), [from, to, env, cluster])
}
