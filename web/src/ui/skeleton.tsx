'use client'
import { useTranslations } from 'next-intl'

/** Grey bars of the final size; invisible for the first 100 ms. */
export function Skeleton({ rows = 1, height = 20, className = '' }: { rows?: number; height?: number; className?: string }) {
  const t = useTranslations('state')
  return (
    <div role="status" aria-label={t('loading')} className={`flex flex-col gap-2 p-3 ${className}`}>
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className="skeleton" style={{ height }} />
      ))}
    </div>
  )
}
