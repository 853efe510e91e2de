'use client'
import type { IntakeAnswer } from '@skein/schemas/api/intake'
import { useTranslations } from 'next-intl'
import { useFormat } from '../format/use-format.ts'
import { KeyFigure } from '../ui/key-figure.tsx'
import type { Evidence } from '../ui/table-column.ts'
import { outcomeTotals } from './outcome-totals.ts'

/** The ledger of the window. */
export function IntakeFigures({ intake }: { intake: IntakeAnswer }) {
  const t = useTranslations('intake')
  const format = useFormat()
  const totals = outcomeTotals(intake.outcomes)
  return (
    <section className="grid flex-none grid-cols-2 gap-y-2.5 rounded-3 border border-line bg-surface py-2.5 phone:grid-cols-4 wide:grid-cols-7 wide:[&>*+*]:border-l wide:[&>*]:border-line">
      <KeyFigure label={t('accepted')} figure={format.count(intake.accepted)} compare={t('acceptedSub')} evidence={part('signals')} />
      <KeyFigure label={t('visible')} figure={format.count(intake.visible)} compare={t('visibleSub')} evidence={part('signals')} />
      <KeyFigure label={t('bytes')} figure={format.bytes(intake.bytes)} compare={t('bytesSub')} evidence={part('signals')} />
      <KeyFigure
        label={t('refused')}
        figure={format.count(totals.refused)}
        compare={t('refusedSub')}
        evidence={part('outcomes')}
        {...warn(totals.refused, 'degraded')}
      />
      <KeyFigure label={t('cut')} figure={format.count(totals.cut)} compare={t('cutSub')} evidence={part('outcomes')} />
      <KeyFigure label={t('dropped')} figure={format.count(totals.dead)} compare={t('droppedSub')} evidence={part('outcomes')} {...warn(totals.dead, 'bad')} />
      <KeyFigure label={t('repeats')} figure={format.count(totals.repeat)} compare={t('repeatsSub')} evidence={part('outcomes')} />
    </section>
  )
}

/** A part of this page, where a sum is told apart. */
function part(hash: 'signals' | 'outcomes'): Evidence {
  return { path: '/intake', hash }
}

function warn(count: number, health: 'degraded' | 'bad'): { health?: 'degraded' | 'bad' } {
  return count > 0 ? { health } : {}
}
