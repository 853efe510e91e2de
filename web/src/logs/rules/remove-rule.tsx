'use client'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { Button } from '../../ui/button.tsx'

/** Asks once before a rule goes. */
export function RemoveRule({ name, small = false, onRemove }: { name: string; small?: boolean; onRemove: () => void }) {
  const t = useTranslations('logs.rules')
  const [asking, setAsking] = useState(false)
  if (!asking)
    return (
      <Button small={small} onClick={() => setAsking(true)}>
        {t('remove')}
      </Button>
    )
  return (
    <>
      <span className="text-t2">{t('removeSure', { name })}</span>
      <Button small={small} onClick={onRemove}>
        {t('removeYes')}
      </Button>
      <Button small={small} look="ghost" onClick={() => setAsking(false)}>
        {t('keep')}
      </Button>
    </>
  )
}
