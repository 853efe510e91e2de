'use client'
import { useTranslations } from 'next-intl'
import { RemoveRule } from './remove-rule.tsx'

/** Rules that nothing can be said of but that they do nothing, each with its way out. */
export function UnreadableRules({ ids, onRemove }: { ids: readonly string[]; onRemove: (id: string) => void }) {
  const t = useTranslations('logs.rules')
  return ids.map((id) => (
    <div key={id} className="m-2 flex flex-wrap items-center gap-2 rounded-2 bg-degraded-bg px-2.5 py-[7px] text-t2">
      <p>{t.rich('unreadable', { id, code: (chunks) => <code className="break-all">{chunks}</code> })}</p>
      <RemoveRule small name={id} onRemove={() => onRemove(id)} />
    </div>
  ))
}
