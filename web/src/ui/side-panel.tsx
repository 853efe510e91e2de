'use client'
import { useTranslations } from 'next-intl'
import { useEffect } from 'react'
import type { ReactNode } from 'react'
import { Button } from './button.tsx'
import { Icon } from './icon.tsx'

export interface SidePanelProps {
  label: string
  /** Mark and name of what is shown. */
  title: ReactNode
  /** Between the title and the close button. */
  end?: ReactNode
  onClose: () => void
  children: ReactNode
}

/** 348 px at the right of a canvas, over the whole of a narrow screen. Esc closes. */
export function SidePanel({ label, title, end, onClose, children }: SidePanelProps) {
  const t = useTranslations('action')
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && !event.defaultPrevented && document.querySelector('dialog[open]') === null) onClose()
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [onClose])
  return (
    <aside
      aria-label={label}
      className="absolute inset-0 z-[var(--z-panel)] flex min-h-0 flex-col border-line bg-surface phone:static phone:w-[300px] phone:flex-none phone:border-l wide:w-[var(--panel-w)]"
    >
      <div className="flex min-h-11 flex-none items-center gap-2 px-3 pt-2">
        <div className="flex min-w-0 flex-1 items-center gap-2 truncate text-14 font-semibold">{title}</div>
        {end}
        <Button look="ghost" square aria-label={t('close')} onClick={onClose}>
          <Icon name="close" size={14} />
        </Button>
      </div>
      <div className="min-h-0 flex-1 overflow-auto">{children}</div>
    </aside>
  )
}
