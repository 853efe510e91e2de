'use client'
import { useTranslations } from 'next-intl'
import { useEffect, useState } from 'react'
import { Button } from './button.tsx'
import { Icon } from './icon.tsx'
import type { IconName } from './icon.tsx'

const CONFIRM_MS = 1500

export interface CopyButtonProps {
  text: string | (() => string)
  label: string
  icon?: IconName
  /** Shows the label as a word instead of an icon alone. */
  word?: boolean
}

/** Copies and says so for a moment. */
export function CopyButton({ text, label, icon = 'copy', word = false }: CopyButtonProps) {
  const t = useTranslations('action')
  const [done, setDone] = useState(false)
  useEffect(() => {
    if (!done) return undefined
    const timer = setTimeout(() => setDone(false), CONFIRM_MS)
    return () => clearTimeout(timer)
  }, [done])
  const copy = async () => {
    await navigator.clipboard.writeText(typeof text === 'string' ? text : text())
    setDone(true)
  }
  const shown = done ? t('copied') : label
  return (
    <Button square={!word} small={word} aria-label={shown} title={shown} onClick={() => void copy().catch(() => setDone(false))}>
      {word ? shown : <Icon name={icon} size={14} className={done ? 'text-accent' : ''} />}
      <span role="status" className="sr-only">
        {done ? t('copied') : ''}
      </span>
    </Button>
  )
}
