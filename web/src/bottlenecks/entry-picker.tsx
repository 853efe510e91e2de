'use client'
import type { BottleneckEntry } from '@skein/schemas/api/bottlenecks'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { useFormat } from '../format/use-format.ts'
import { Popover } from '../ui/popover.tsx'
import { SearchBox } from '../ui/search-box.tsx'

export interface EntryPickerProps {
  entries: readonly BottleneckEntry[]
  entry: BottleneckEntry | null
  onPick: (entry: BottleneckEntry) => void
}

/** The operations where traces start, those whose traces take most first. */
export function EntryPicker({ entries, entry, onPick }: EntryPickerProps) {
  const t = useTranslations('bottlenecks')
  const [text, setText] = useState('')
  const wanted = text.trim().toLowerCase()
  const shown = entries.filter(({ service, operation }) => `${service} ${operation}`.toLowerCase().includes(wanted))
  return (
    <Popover
      label={t('chooseEntry')}
      button={
        <span className="flex max-w-[46ch] min-w-0 items-center gap-1.5">
          <span className="font-normal text-t2">{t('entry')}</span>
          <b className="truncate font-semibold">{entry === null ? '–' : `${entry.service} ${entry.operation}`}</b>
        </span>
      }
    >
      {(close) => (
        <>
          <SearchBox label={t('findEntry')} value={text} onChange={setText} className="w-80" />
          <ul className="grid gap-px" aria-label={t('chooseEntry')}>
            {shown.map((each) => (
              <li key={`${each.environment} ${each.cluster} ${each.namespace} ${each.service} ${each.operation}`}>
                <EntryButton
                  entry={each}
                  current={each === entry || (each.service === entry?.service && each.operation === entry.operation && each.cluster === entry.cluster)}
                  onPick={() => {
                    onPick(each)
                    close()
                  }}
                />
              </li>
            ))}
          </ul>
          {shown.length === 0 && <p className="text-t3">{t('noEntry')}</p>}
        </>
      )}
    </Popover>
  )
}

function EntryButton({ entry, current, onPick }: { entry: BottleneckEntry; current: boolean; onPick: () => void }) {
  const t = useTranslations('bottlenecks')
  const format = useFormat()
  const { service, operation, traces, p99Ms } = entry
  return (
    <button
      type="button"
      aria-current={current || undefined}
      onClick={onPick}
      className="flex w-full items-center gap-3 rounded-2 px-2 py-1 text-left hover:bg-hover aria-[current=true]:bg-selected"
    >
      <span className="min-w-0 flex-1 truncate">
        <b className="font-medium">{service}</b> <span className="text-t2">{operation}</span>
      </span>
      <span className="text-11 whitespace-nowrap text-t3">
        {t('entryFigures', { traces: format.text(format.count(traces)), p99: p99Ms === null ? '–' : format.text(format.duration(p99Ms)) })}
      </span>
    </button>
  )
}
