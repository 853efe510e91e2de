'use client'
import { useTranslations } from 'next-intl'
import { CopyButton } from './copy-button.tsx'

/** A command to run elsewhere, with a button that copies it. */
export function CommandBox({ command }: { command: string }) {
  const t = useTranslations('action')
  return (
    <div className="flex items-start gap-2 rounded-2 border border-line bg-sunken p-2">
      <pre className="min-w-0 flex-1 overflow-x-auto py-1 leading-relaxed text-t1" tabIndex={0}>
        {command}
      </pre>
      <CopyButton word label={t('copy')} text={command} />
    </div>
  )
}
