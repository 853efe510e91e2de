'use client'
import type { IntakeAnswer } from '@skein/schemas/api/intake'
import { useTranslations } from 'next-intl'
import { useFormat } from '../format/use-format.ts'
import { KeyFigure } from '../ui/key-figure.tsx'
import { outcomeTotals } from './outcome-totals.ts'

/** The ledger of the window. */
export function IntakeFigures({ intake }: { intake: IntakeAnswer }) {
  const t = useTranslations('intake')
  const format = useFormat()
  const totals = outcomeTotals(intake.outcomes)
  return (
    <section className="grid flex-none grid-cols-2 gap-y-2.5 rounded-3 border border-line bg-surface py-2.5 phone:grid-cols-4 wide:grid-cols-7 wide:[&>*+*]:border-l wide:[&>*]:border-line">
      <KeyFigure label={t('accepted')} figure={format.count(intake.accepted)} compare={t('acceptedSub')} />
      <KeyFigure label={t('visible')} figure={format.count(intake.visible)} compare={t('visibleSub')} />
      <KeyFigure label={t('bytes')} figure={format.bytes(intake.bytes)} compare={t('bytesSub')} />
      <KeyFigure label={t('refused')} figure={format.count(totals.refused)} compare={t('refusedSub')} {...warn(totals.refused, 'degraded')} />
      <KeyFigure label={t('cut')} figure={format.count(totals.cut)} compare={t('cutSub')} />
      <KeyFigure label={t('dropped')} figure={format.count(totals.dead)} compare={t('droppedSub')} {...warn(totals.dead, 'bad')} />
      <KeyFigure label={t('repeats')} figure={format.count(totals.repeat)} compare={t('repeatsSub')} />
    </section>
  )
}

function warn(count: number, health: 'degraded' | 'bad'): { health?: 'degraded' | 'bad' } {
  return count > 0 ? { health } : {}
}
