'use client'
import type { Health } from '@skein/schemas/api/window'
import { useTranslations } from 'next-intl'

/** Health as shape and colour together: disc, triangle, diamond, dashed ring. */
export function HealthMark({ health, size = 12 }: { health: Health; size?: number }) {
  const t = useTranslations('health')
  return (
    <svg className="inline-block flex-none align-[-1.5px]" width={size} height={size} viewBox="0 0 12 12" role="img" aria-label={t(health)}>
      <HealthShape health={health} />
    </svg>
  )
}

/** The bare shape in a 12 × 12 box, for drawings that carry their own name. */
export function HealthShape({ health }: { health: Health }) {
  if (health === 'ok') return <circle cx="6" cy="6" r="4.2" fill="var(--ok)" />
  if (health === 'degraded') return <path d="M6 1.2 11.3 10.6H.7Z" fill="var(--degraded)" />
  if (health === 'bad') return <path d="M6 .5 11.5 6 6 11.5.5 6Z" fill="var(--bad)" />
  return <circle cx="6" cy="6" r="4" fill="none" stroke="var(--unknown)" strokeWidth="1.6" strokeDasharray="2.4 1.6" />
}
