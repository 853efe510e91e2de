'use client'
import type { DryRunAnswer } from '@skein/schemas/api/log-rules'
import { useTranslations } from 'next-intl'
import { Tag } from '../../ui/chip.tsx'
import { bodyText } from '../line-fields.ts'
import { ChangeList } from './change-list.tsx'
import { changesOf } from './line-change.ts'

const SHOWN_CHARACTERS = 400

/** Lines of the last hour as they were and as they would have been. */
export function DryRunSamples({ samples }: { samples: DryRunAnswer['samples'] }) {
  const t = useTranslations('logs.dryRun')
  return (
    <ul className="grid gap-2">
      {samples.map(({ id, before, after }) => (
        <li key={id} className="min-w-0 rounded-2 border border-line bg-sunken p-2">
          <p className="mb-1 flex items-center gap-1.5">
            <Tag tone={after === null ? 'degraded' : 'accent'}>{after === null ? t('wouldDrop') : t('wouldChange')}</Tag>
            <span className="truncate text-t2">{before.service}</span>
          </p>
          {after === null ? (
            <p className="mono leading-normal break-words whitespace-pre-wrap text-t2">{bodyText(before.body, SHOWN_CHARACTERS)}</p>
          ) : (
            <ChangeList changes={changesOf(before, after)} />
          )}
        </li>
      ))}
    </ul>
  )
}
