'use client'
import { OUTCOME_REASONS } from '@skein/schemas/outcomes'
import type { OutcomeReason } from '@skein/schemas/outcomes'
import { useTranslations } from 'next-intl'
import { Card } from '../ui/card.tsx'
import { Tag } from '../ui/chip.tsx'

/** Every reason there is, those of this window first: what it means and how to mend it. */
export function ReasonReference({ seen }: { seen: ReadonlySet<OutcomeReason> }) {
  const t = useTranslations('intake')
  const ordered = OUTCOME_REASONS.toSorted((a, b) => Number(seen.has(b)) - Number(seen.has(a)))
  return (
    <Card title={t('reference')} sub={t('referenceSub')} className="flex-none">
      <table className="data-table" aria-label={t('reference')}>
        <thead>
          <tr>
            <th scope="col">{t('reason')}</th>
            <th scope="col">{t('means')}</th>
            <th scope="col">{t('mend')}</th>
          </tr>
        </thead>
        <tbody>
          {ordered.map((reason) => (
            <tr key={reason} id={`reason-${reason}`} className="align-top target:[&>td]:bg-selected">
              <td className="!py-1.5">
                <code>{reason}</code> {seen.has(reason) && <Tag tone="accent">{t('seen')}</Tag>}
              </td>
              <td className="!py-1.5 max-w-none !whitespace-normal">{t(`reasons.${reason}.means`)}</td>
              <td className="!py-1.5 max-w-none !whitespace-normal text-t2">{t(`reasons.${reason}.mend`)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  )
}
