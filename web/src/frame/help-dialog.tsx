'use client'
import { useTranslations } from 'next-intl'
import { useEffect, useRef } from 'react'
import { Button } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { PAGES } from './pages.ts'

const KEYS = [
  ['palette', ['⌘K']],
  ['search', ['/']],
  ['window', ['[', ']']],
  ['rows', ['↑', '↓', 'Enter']],
  ['theme', ['t']],
  ['help', ['?']],
  ['close', ['Esc']],
] as const

export function HelpDialog({ onClose }: { onClose: () => void }) {
  const t = useTranslations()
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    dialog.current?.showModal()
  }, [])
  return (
    <dialog
      ref={dialog}
      aria-labelledby="help-title"
      onClose={onClose}
      className="m-auto w-[440px] max-w-[calc(100vw-24px)] rounded-3 border border-line bg-raised p-4 text-t1 shadow-[var(--shadow-3)] backdrop:bg-[rgb(0_0_0_/_.35)]"
    >
      <div className="mb-3 flex items-center justify-between">
        <h2 id="help-title">{t('help.title')}</h2>
        <Button look="ghost" square aria-label={t('action.close')} onClick={() => dialog.current?.close()}>
          <Icon name="close" size={14} />
        </Button>
      </div>
      <dl className="grid grid-cols-[1fr_auto] items-center gap-x-4 gap-y-2">
        {KEYS.map(([name, keys]) => (
          <div key={name} className="contents">
            <dt className="text-t2">{t(`help.${name}`)}</dt>
            <dd className="flex justify-end gap-1">
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dd>
          </div>
        ))}
        {PAGES.map((page) => (
          <div key={page.id} className="contents">
            <dt className="text-t2">{t('help.goTo', { page: t(`nav.${page.id}`) })}</dt>
            <dd className="flex justify-end gap-1">
              <kbd>g</kbd>
              <kbd>{page.key}</kbd>
            </dd>
          </div>
        ))}
      </dl>
    </dialog>
  )
}
