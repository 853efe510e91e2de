'use client'
import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'

/** What width, colour and dashes of an edge mean. */
export function Legend() {
  const t = useTranslations('map.legend')
  return (
    <div className="pointer-events-none absolute bottom-3 left-3 hidden gap-1 rounded-2 border border-line bg-surface px-2.5 py-2 text-11 text-t2 phone:grid">
      <Line label={t('rate')}>
        <path d="M0 3h30" stroke="var(--text-3)" strokeWidth={1} />
        <path d="M0 7.5h30" stroke="var(--text-3)" strokeWidth={4} />
      </Line>
      <Line label={t('bad')}>
        <path d="M0 5h30" stroke="var(--bad)" strokeWidth={3} />
      </Line>
      <Line label={t('degraded')}>
        <path d="M0 5h30" stroke="var(--degraded)" strokeWidth={3} />
      </Line>
      <Line label={t('callerOnly')}>
        <path d="M0 5h30" stroke="var(--text-3)" strokeWidth={2} strokeDasharray="9 3" />
      </Line>
      <Line label={t('silent')}>
        <path d="M0 5h30" stroke="var(--text-3)" strokeWidth={2} strokeDasharray="2 5" />
      </Line>
    </div>
  )
}

function Line({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="flex items-center gap-2 whitespace-nowrap">
      <svg width={30} height={10} viewBox="0 0 30 10" className="flex-none" aria-hidden="true">
        {children}
      </svg>
      {label}
    </div>
  )
}
