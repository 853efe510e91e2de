'use client'
import { useTranslations } from 'next-intl'
import type { Pages } from '../api/use-pages.ts'
import { Button } from './button.tsx'
import type { HeldPages } from './use-held.ts'

export interface NewRowsProps<Page> {
  answer: Pages<Page>
  held: HeldPages<Page>
  /** So many new ones, in the words of the list. */
  words: (count: number) => string
}

/** Lets in what waits; a list that stopped following because more of it was loaded goes back to the newest. */
export function NewRows<Page>({ answer, held, words }: NewRowsProps<Page>) {
  const t = useTranslations('action')
  if (held.waiting > 0) {
    return (
      <Button small look="primary" onClick={held.letIn}>
        {words(held.waiting)}
      </Button>
    )
  }
  if (!answer.isPaused) return null
  return (
    <Button small title={t('followHint')} onClick={answer.follow}>
      {t('follow')}
    </Button>
  )
}

/** Under a list of which there is more. */
export function LoadMore<Page>({ held, busy }: { held: HeldPages<Page>; busy: boolean }) {
  const t = useTranslations('action')
  if (!held.hasMore) return null
  return (
    <div className="flex-none border-t border-line px-3 py-1.5">
      <Button small disabled={busy} onClick={held.loadMore}>
        {t(busy ? 'loadingMore' : 'loadMore')}
      </Button>
    </div>
  )
}
