'use client'
import { useTranslations } from 'next-intl'
import { useFormat } from '../format/use-format.ts'
import { HealthMark } from '../ui/health-mark.tsx'
import { nsText } from './span-duration.ts'
import type { TraceModel } from './trace-model.ts'

const SHOWN = 12

export interface ServiceBarProps {
  model: TraceModel
  /** What is now sought. */
  active: string
  onFind: (query: string) => void
}

/** Where the time of the trace went, by service: a bar of their self times, and the same as names that can be pressed. */
export function ServiceBar({ model, active, onFind }: ServiceBarProps) {
  const t = useTranslations('trace')
  const format = useFormat()
  const shown = model.services.slice(0, SHOWN)
  const rest = model.services.length - shown.length
  return (
    <div className="flex-none border-b border-line px-3 py-[9px]">
      <div className="mb-[7px] hidden items-center gap-2.5 wide:flex">
        <h2 className="text-12 whitespace-nowrap">{t('timeByService')}</h2>
        <span className="truncate text-11 text-t3">{t('timeByServiceNote')}</span>
      </div>
      <div className="flex h-2.5 gap-px overflow-hidden rounded-2 bg-sunken" aria-hidden="true">
        {model.services.map((service) => (
          <i key={service.service} style={{ flexGrow: service.share, background: service.color }} />
        ))}
      </div>
      <ul aria-label={t('timeByService')} className="mt-1.5 flex flex-wrap gap-x-1 gap-y-0.5">
        {shown.map(({ service, color, selfNs, share, errors }) => (
          <li key={service}>
            <button
              type="button"
              aria-pressed={active === serviceQuery(service)}
              title={t('spansOf', { service })}
              onClick={() => onFind(serviceQuery(service))}
              className="inline-flex h-[22px] items-center gap-[5px] rounded-1 px-1.5 text-11 whitespace-nowrap text-t2 hover:bg-hover aria-pressed:bg-accent-bg"
            >
              <i className="h-2 w-2 rounded-[2px]" style={{ background: color }} />
              <b className="max-w-60 truncate font-medium text-t1">{service}</b> {nsText(selfNs, format)} · {format.text(format.share(share, 1))}
              {model.path.durationNs > 0 && <span> · {t('pathShare', { share: format.text(format.share(model.path.shares.get(service) ?? 0, 1)) })}</span>}
              {errors > 0 && <HealthMark health="bad" size={9} />}
            </button>
          </li>
        ))}
        {rest > 0 && <li className="self-center text-11 text-t3">{t('moreServices', { count: rest })}</li>}
      </ul>
    </div>
  )
}

/** The search that finds the spans of one service. */
export function serviceQuery(service: string): string {
  return /[\s"]/.test(service) ? `service="${service.replaceAll('"', '')}"` : `service=${service}`
}
