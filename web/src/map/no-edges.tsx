'use client'
import type { Note } from '@skein/schemas/api/window'
import { useTranslations } from 'next-intl'

/** Why services stand there without calls between them. */
export function NoEdges({ notes, nodes }: { notes: readonly Note[]; nodes: number }) {
  const t = useTranslations('map.noEdges')
  const parents = notes.find((note) => note.code === 'no_parents')
  const single = nodes === 1 || notes.some((note) => note.code === 'one_service')
  return (
    <div role="status" className="flex flex-none items-center gap-2 border-b border-line bg-info-bg px-3 py-2 text-t2">
      <p>
        <b className="font-semibold text-t1">{single ? t('oneTitle') : t('title')}</b> {single ? t('one') : t('body', { count: parents?.count ?? 0 })}
      </p>
    </div>
  )
}
