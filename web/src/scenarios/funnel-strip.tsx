'use client'
import type { FunnelStep, StepFate } from '@skein/schemas/api/scenarios'
import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { useFormat } from '../format/use-format.ts'
import { HealthMark } from '../ui/health-mark.tsx'
import { ViewLink } from '../ui/view-link.tsx'
import type { FunnelProps } from './funnel-figures.tsx'
import { stepHealth } from './step-health.ts'

/** The steps side by side: how many got there of all that began, and how long it took. */
export function FunnelStrip({ answer, id, before }: FunnelProps) {
  const t = useTranslations('scenarios')
  return (
    <ol aria-label={t('steps')} className="m-0 flex flex-none list-none flex-wrap border-t border-line p-0">
      {answer.steps.map((step, at) => (
        <Step key={step.name} id={id} step={step} at={at} was={before?.steps.find(({ name }) => name === step.name)} />
      ))}
    </ol>
  )
}

function Step({ id, step, at, was }: { id: string | undefined; step: FunnelStep; at: number; was: FunnelStep | undefined }) {
  const t = useTranslations('scenarios')
  const action = useTranslations('action')
  const format = useFormat()
  const health = stepHealth(step, was)
  const share = (of: FunnelStep) => format.text(of.fromPrevious === null ? null : format.share(of.fromPrevious, 1))
  const p95 = (of: FunnelStep) => format.text(of.timeMs === null ? null : format.duration(of.timeMs.p95))
  return (
    <li className="min-w-[150px] flex-1 border-line px-3 py-2 not-first:border-l">
      <h3 className="flex items-center gap-1.5">
        {(health === 'bad' || health === 'degraded') && <HealthMark health={health} size={10} />}
        <span className="truncate" title={step.name}>
          {at + 1} {step.name}
        </span>
        {step.optional && <span className="text-10 font-normal text-t3">{t('optional')}</span>}
      </h3>
      <Bar step={step} was={was} />
      <p className="flex justify-between gap-2">
        <b className="text-14 font-semibold">
          <Runs id={id} step={step} fate="reached">
            {format.text(format.count(step.reached))}
          </Runs>
        </b>
        <span className={health === 'bad' ? 'font-semibold text-bad-text' : 'text-t2'}>{share(step)}</span>
      </p>
      <p className="flex justify-between gap-2 text-11 text-t2">
        <span>{`p95 ${p95(step)}`}</span>
        {was !== undefined && <span className="text-t3">{action('was', { value: `${share(was)} · ${p95(was)}` })}</span>}
      </p>
      <Troubles id={id} step={step} />
    </li>
  )
}

function Troubles({ id, step }: { id: string | undefined; step: FunnelStep }) {
  const { dropped, errors, slow } = step
  const t = useTranslations('scenarios')
  const format = useFormat()
  const count = (value: number) => ({ count: format.text(format.count(value)) })
  return (
    <p className="flex min-h-[15px] flex-wrap gap-x-2 text-11 text-t3">
      {dropped > 0 && (
        <Runs id={id} step={step} fate="dropped">
          {t('dropped', count(dropped))}
        </Runs>
      )}
      {errors > 0 && (
        <span className="text-bad-text">
          <Runs id={id} step={step} fate="erred">
            {t('errors', count(errors))}
          </Runs>
        </span>
      )}
      {slow > 0 && (
        <span className="text-degraded-text">
          <Runs id={id} step={step} fate="slow">
            {t('slowCount', count(slow))}
          </Runs>
        </span>
      )}
    </p>
  )
}

/** A count at a step that leads, where there are runs to see, to those that it counts. */
function Runs({ id, step: { name, reached }, fate, children }: { id: string | undefined; step: FunnelStep; fate: StepFate; children: ReactNode }) {
  const t = useTranslations('scenarios')
  if (id === undefined || (fate === 'reached' && reached === 0)) return <span>{children}</span>
  return (
    <ViewLink path="/scenario" parameters={{ id, tab: 'runs', step: name, fate }} className="text-inherit" title={`${name}: ${t(`fate.${fate}`)}`}>
      {children}
    </ViewLink>
  )
}

/** Height is the share of all starts; the dashed line is where it was. */
function Bar({ step, was }: { step: FunnelStep; was: FunnelStep | undefined }) {
  const share = step.conversion ?? 0
  return (
    <div className="relative my-1.5 flex h-8 items-end overflow-hidden rounded-1 bg-sunken" aria-hidden="true">
      <i
        className={`block w-full ${step.optional ? 'border border-dashed border-line-strong' : ''}`}
        style={{ height: `${Math.round(share * 100)}%`, background: step.optional ? 'var(--seq-1)' : 'var(--seq-3)' }}
      />
      {was?.conversion !== null && was !== undefined && (
        <i className="absolute inset-x-0 border-t border-dashed border-t2" style={{ bottom: `${Math.min(97, Math.round(was.conversion * 100))}%` }} />
      )}
    </div>
  )
}
