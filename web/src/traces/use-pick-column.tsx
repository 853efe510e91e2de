'use client'
import type { TraceSummary } from '@skein/schemas/api/traces'
import { useTranslations } from 'next-intl'
import { useMemo } from 'react'
import type { TableColumn } from '../ui/table-column.ts'
import { withPick } from './list-state.ts'

/** The column that picks two traces to compare; the first picked is A. */
export function usePickColumn(picked: readonly string[], onPick: (picked: readonly string[]) => void): TableColumn<TraceSummary> {
  const t = useTranslations('traces')
  return useMemo(
    () => ({
      id: 'pick',
      header: t('pick'),
      cell: (row) => {
        const place = picked.indexOf(row.traceId)
        return (
          <button
            type="button"
            role="checkbox"
            aria-checked={place >= 0}
            aria-label={`${place < 0 ? '' : `${t(place === 0 ? 'pickA' : 'pickB')} `}${t('pickTrace', { id: row.traceId.slice(0, 8) })}`}
            onClick={() => onPick(withPick(picked, row.traceId))}
            className={`grid h-4 w-4 place-items-center rounded-1 border text-10 font-semibold ${place >= 0 ? 'border-accent bg-accent text-inv' : 'border-ctl bg-surface'}`}
          >
            {place >= 0 && t(place === 0 ? 'pickA' : 'pickB')}
          </button>
        )
      },
    }),
    [picked, onPick, t],
  )
}
