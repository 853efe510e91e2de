'use client'
import { MAX_EXPORT_LINES } from '@skein/schemas/api/logs'
import { useTranslations } from 'next-intl'
import { addressOf } from '../api/client.ts'
import { useFormat } from '../format/use-format.ts'
import { buttonClass } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { Popover } from '../ui/popover.tsx'
import { useScope } from '../url/view-state.ts'
import type { LogsState } from './url.ts'

const FORMATS = ['csv', 'ndjson'] as const

/** The lines of the search as a file that the server writes. */
export function ExportMenu({ state }: { state: LogsState }) {
  const t = useTranslations('logs.export')
  const format = useFormat()
  const scope = useScope()
  const address = (as: (typeof FORMATS)[number]) =>
    addressOf('/api/logs/export', { ...scope, q: state.q, order: state.order, format: as, limit: MAX_EXPORT_LINES })
  return (
    <Popover
      right
      label={t('label')}
      button={
        <>
          <Icon name="download" size={14} />
          <span className="sr-only">{t('label')}</span>
        </>
      }
    >
      {(close) => (
        <>
          <p className="max-w-56 text-t2">{t('hint', { count: format.integer(MAX_EXPORT_LINES) })}</p>
          {FORMATS.map((as) => (
            <a key={as} href={address(as)} download={`logs.${as}`} onClick={close} className={buttonClass({})}>
              {t(as)}
            </a>
          ))}
        </>
      )}
    </Popover>
  )
}
