'use client'
import { useTranslations } from 'next-intl'
import { Button } from '../ui/button.tsx'
import { Centered } from '../ui/empty-state.tsx'
import { faultWords } from '../ui/failure-words.ts'
import type { LogQueryRead } from './url.ts'

/** A search of the address that cannot be read, where it cannot, and the way out. */
export function Unreadable({ read, onClear }: { read: Extract<LogQueryRead, { ok: false }>; onClear: () => void }) {
  const t = useTranslations('logs')
  const words = useTranslations()
  return (
    <Centered>
      <h2 className="text-16">{t('query.unreadable')}</h2>
      <p className="text-bad-text">{t('query.fault', { column: read.column, detail: faultWords(words, read) })}</p>
      <p>
        <Button onClick={onClear}>{words('search.clear')}</Button>
      </p>
    </Centered>
  )
}
