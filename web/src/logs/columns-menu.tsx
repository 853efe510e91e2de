'use client'
import { useTranslations } from 'next-intl'
import { Icon } from '../ui/icon.tsx'
import { Popover } from '../ui/popover.tsx'
import { FieldPicker } from './field-picker.tsx'

/** Which fields stand beside the body. */
export function ColumnsMenu({ columns, onColumns }: { columns: readonly string[]; onColumns: (columns: string[]) => void }) {
  const t = useTranslations('logs')
  return (
    <Popover right label={t('columns')} button={columns.length === 0 ? t('columns') : t('columnsCount', { count: columns.length })}>
      {() => (
        <div className="grid w-60 gap-2">
          {columns.length === 0 && <p className="text-t2">{t('noColumns')}</p>}
          <ul>
            {columns.map((field) => (
              <li key={field} className="flex items-center gap-2 py-0.5">
                <span className="mono min-w-0 flex-1 truncate">{field}</span>
                <button
                  type="button"
                  aria-label={t('removeColumn', { field })}
                  title={t('removeColumn', { field })}
                  onClick={() => onColumns(columns.filter((each) => each !== field))}
                  className="text-t3 hover:text-t1"
                >
                  <Icon name="close" size={12} />
                </button>
              </li>
            ))}
          </ul>
          <FieldPicker label={t('addColumn')} taken={columns} onPick={(field) => onColumns([...columns, field])} />
        </div>
      )}
    </Popover>
  )
}
