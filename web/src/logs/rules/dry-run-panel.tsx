'use client'
import type { DryRunAnswer } from '@skein/schemas/api/log-rules'
import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import type { ApiError } from '../../api/client.ts'
import { useFormat } from '../../format/use-format.ts'
import { Tag } from '../../ui/chip.tsx'
import { HealthMark } from '../../ui/health-mark.tsx'
import { Meter } from '../../ui/meter.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { errorWords } from '../../ui/failure-words.ts'
import { useNoteText } from '../../ui/use-note-text.ts'
import { DryRunSamples } from './dry-run-samples.tsx'

export interface DryRunPanelProps {
  /** undefined while nothing ran yet. */
  answer: DryRunAnswer | undefined
  /** The answer is of the rule as it stands in the form. */
  current: boolean
  busy: boolean
  error: ApiError | null
  /** The rule can be tried. */
  whole: boolean
}

/** What a rule would have done to the last hour, and what it costs. */
export function DryRunPanel({ answer, current, busy, error, whole }: DryRunPanelProps) {
  const t = useTranslations('logs.dryRun')
  const words = useTranslations()
  return (
    <aside aria-label={t('title')} aria-busy={busy} className="relative flex min-w-0 flex-col border-line bg-surface">
      {busy && <div className="busy-line" aria-hidden="true" />}
      <header className="px-3 pt-2.5 pb-2">
        <div className="flex items-center justify-between gap-2">
          <h2>{t('title')}</h2>
          {answer !== undefined && <Tag tone={current ? 'ok' : 'degraded'}>{current ? t('current') : t('outdated')}</Tag>}
        </div>
        {answer !== undefined && <Ran answer={answer} />}
        {!whole && <p className="mt-1 text-t2">{t('notWhole')}</p>}
        {error !== null && <p className="mt-1 text-bad-text">{errorWords(words, error)}</p>}
      </header>
      {answer === undefined ? whole && error === null && <Skeleton rows={6} /> : <Found answer={answer} />}
    </aside>
  )
}

function Ran({ answer }: { answer: DryRunAnswer }) {
  const t = useTranslations('logs.dryRun')
  const format = useFormat()
  const total = format.text(format.count(answer.total))
  return (
    <p className="mt-0.5 text-t2">
      {answer.fraction < 1
        ? t('ranPart', { total, lookedAt: format.text(format.count(answer.lookedAt)), share: format.text(format.share(answer.fraction, 1)) })
        : t('ran', { total })}
    </p>
  )
}

function Found({ answer }: { answer: DryRunAnswer }) {
  const t = useTranslations('logs.dryRun')
  const noteText = useNoteText('rules')
  return (
    <>
      {answer.failed > 0 && <p className="mx-3 mb-2 rounded-2 bg-bad-bg px-2.5 py-[7px] text-t2">{t('failed', { count: answer.failed })}</p>}
      <Section title={t('saves')}>
        <Figures answer={answer} />
      </Section>
      {answer.metrics.length > 0 && <Counted metrics={answer.metrics} />}
      <Losers losers={answer.losers} />
      {answer.services.length > 0 && <Services services={answer.services} />}
      {answer.samples.length > 0 && (
        <Section title={t('samples')}>
          <DryRunSamples samples={answer.samples} />
        </Section>
      )}
      {answer.notes.length > 0 && (
        <ul className="border-t border-line px-3 py-2 text-11 text-t3">
          {answer.notes.map((note) => (
            <li key={note.code}>{noteText(note)}</li>
          ))}
        </ul>
      )}
    </>
  )
}

function Section({ title, end, children }: { title: string; end?: ReactNode; children: ReactNode }) {
  return (
    <section aria-label={title} className="border-t border-line px-3 py-2.5">
      <h3 className="mb-1.5 flex justify-between gap-2">
        {title}
        {end !== undefined && <span className="font-normal text-t3">{end}</span>}
      </h3>
      {children}
    </section>
  )
}

function Figures({ answer }: { answer: DryRunAnswer }) {
  const t = useTranslations('logs.dryRun')
  const format = useFormat()
  const { matched, dropped, changed, total } = answer
  const share = (lines: number) => t('ofAll', { share: format.text(format.share(lines, total) ?? { value: '0', unit: '%' }) })
  return (
    <dl className="grid grid-cols-3 gap-1.5">
      <Figure label={t('matched')} value={format.text(format.count(matched.lines))} sub={share(matched.lines)} />
      <Figure label={t('droppedLines')} value={format.text(format.count(dropped.lines))} sub={share(dropped.lines)} />
      <Figure
        label={t('droppedBytes')}
        value={format.text(format.bytes(dropped.bytes))}
        sub={t('aDay', { bytes: format.text(format.bytes(answer.droppedBytesADay)) })}
      />
      {changed.lines > 0 && <Figure label={t('changedLines')} value={format.text(format.count(changed.lines))} sub={share(changed.lines)} />}
      {answer.edges > 0 && <Figure label={t('edges')} value={format.text(format.count(answer.edges))} sub={t('onTheMap')} />}
      {answer.events > 0 && <Figure label={t('events')} value={format.text(format.count(answer.events))} sub={t('onCharts')} />}
    </dl>
  )
}

function Figure({ label, value, sub }: { label: string; value: string; sub: string }) {
  return (
    <div className="min-w-0 rounded-2 bg-sunken px-2 py-1.5">
      <dt className="truncate text-11 text-t2">{label}</dt>
      <dd>
        <b className="block text-16 leading-tight font-semibold whitespace-nowrap">{value}</b>
        <span className="block truncate text-11 text-t3">{sub}</span>
      </dd>
    </div>
  )
}

/** What metrics would count: lines, and of numbers the least and the most. */
function Counted({ metrics }: { metrics: DryRunAnswer['metrics'] }) {
  const t = useTranslations('logs.dryRun')
  const format = useFormat()
  const number = (value: number) => format.text(format.count(value))
  return (
    <Section title={t('counts')}>
      <ul className="grid gap-1.5">
        {metrics.map(({ name, lines, missing, noNumber, least, most, combinations }) => (
          <li key={name} className="flex flex-wrap items-baseline gap-x-2">
            <b className="mono font-medium">{name}</b>
            <span className="text-t2">{t('countedLines', { count: lines })}</span>
            {least !== null && most !== null && <span className="text-t2">{t('countedRange', { least: number(least), most: number(most) })}</span>}
            {combinations > 1 && <span className="text-t2">{t('countedCombinations', { count: combinations })}</span>}
            {missing + noNumber > 0 && <Tag tone="degraded">{t('countedWithout', { count: missing + noNumber })}</Tag>}
          </li>
        ))}
      </ul>
    </Section>
  )
}

/** What reads the lines that would go or change. */
function Losers({ losers }: { losers: DryRunAnswer['losers'] }) {
  const t = useTranslations('logs.dryRun')
  const format = useFormat()
  return (
    <Section title={t('costs')} end={losers.length > 0 ? t('losers', { count: losers.length }) : undefined}>
      {losers.length === 0 && (
        <p className="flex items-center gap-2 text-t2">
          <HealthMark health="ok" size={11} />
          {t('nothingLost')}
        </p>
      )}
      <ul className="grid gap-1.5">
        {losers.map(({ kind, id, name, lines }) => (
          <li key={`${kind} ${id}`} className="grid grid-cols-[auto_minmax(0,1fr)_auto] items-start gap-2">
            <span className="pt-0.5">
              <HealthMark health={lines > 0 ? 'bad' : 'degraded'} size={11} />
            </span>
            <span className="min-w-0">
              <b className="font-medium">{t(`kind.${kind}`, { name })}</b>
              <span className="block text-t3">{t(`loses.${kind}`)}</span>
            </span>
            <span className="font-semibold whitespace-nowrap text-bad-text">{lines > 0 ? `−${format.text(format.count(lines))}` : ''}</span>
          </li>
        ))}
      </ul>
    </Section>
  )
}

function Services({ services }: { services: DryRunAnswer['services'] }) {
  const t = useTranslations('logs.dryRun')
  const column = useTranslations('column')
  const format = useFormat()
  return (
    <Section title={t('byService')}>
      <table className="w-full">
        <thead className="sr-only">
          <tr>
            <th scope="col">{column('service')}</th>
            <td />
            <th scope="col">{t('droppedLines')}</th>
            <th scope="col">{t('droppedBytes')}</th>
            <th scope="col">{column('share')}</th>
          </tr>
        </thead>
        <tbody>
          {services.slice(0, 12).map(({ service, total, dropped }) => (
            <tr key={service}>
              <td className="max-w-28 truncate py-0.5">{service}</td>
              <td className="w-16 px-2">
                <Meter share={total.lines > 0 ? dropped.lines / total.lines : 0} />
              </td>
              <td className="text-right whitespace-nowrap">{format.text(format.count(dropped.lines))}</td>
              <td className="pl-2 text-right whitespace-nowrap text-t2">{format.text(format.bytes(dropped.bytes))}</td>
              <td className="w-14 pl-2 text-right whitespace-nowrap text-t3">{format.text(format.share(dropped.lines, total.lines))}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  )
}
