'use client'
import { useTranslations } from 'next-intl'
import type { Delta } from './delta.ts'

const ARROWS = { up: '▲', down: '▼', same: '' } as const

/** `was 69 ms ▲ 12×`: the baseline of a number and the way it went, coloured only where that is bad and large. */
export function Was({ value, delta, worse = null }: { value: string; delta: Delta | null; worse?: 'up' | 'down' | null }) {
  const t = useTranslations('action')
  const alarming = delta !== null && delta.large && delta.direction === worse
  return (
    <>
      {t('was', { value })}
      {delta !== null && delta.text !== '' && (
        <span className={`ml-1.5 ${alarming ? 'font-medium text-bad-text' : 'text-t2'}`}>
          {ARROWS[delta.direction]} {delta.text}
        </span>
      )}
    </>
  )
}
