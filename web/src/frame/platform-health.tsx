'use client'
import type { Health } from '@skein/schemas/api/window'
import { useTranslations } from 'next-intl'
import { useStatus } from '../api/questions.ts'
import { useFormat } from '../format/use-format.ts'
import { HealthMark } from '../ui/health-mark.tsx'
import { ViewLink } from '../ui/view-link.tsx'
import { navLabelClass } from './nav-label.ts'
import { healthOf } from './platform-status.ts'

/** The platform about itself, at the foot of the navigation; opens Intake. */
export function PlatformHealth({ rail }: { rail: boolean }) {
  const t = useTranslations('nav')
  const loading = useTranslations('state')('loading')
  const format = useFormat()
  const status = useStatus()
  const label = navLabelClass(rail)
  const health: Health = status.isError ? 'bad' : status.data === undefined ? 'unknown' : healthOf(status.data)
  return (
    <ViewLink
      path="/intake"
      title={t('intake')}
      className={`my-1.5 flex w-12 items-center justify-center text-11 leading-normal text-t2 hover:no-underline phone:my-0 phone:mt-auto phone:w-auto phone:flex-col phone:border-t phone:border-line phone:px-1.5 phone:pt-2 ${rail ? '' : 'wide:items-start'}`}
    >
      <span className="flex items-center gap-1.5">
        <HealthMark health={health} size={10} />
        <span className={`font-medium ${label}`}>{headline()}</span>
      </span>
      {!status.isError && status.data?.store.ok === true && (
        <span className={`text-t3 ${label}`}>
          {t('flow', {
            rate: `${format.text(format.count(status.data.spansPerSecond))}`,
            dropped: format.text(format.count(status.data.droppedLastHour)),
          })}
        </span>
      )}
    </ViewLink>
  )

  function headline(): string {
    if (status.isError) return t('apiAway')
    if (status.data === undefined) return loading
    if (!status.data.store.ok) return t('storeAway')
    const { behindMs } = status.data
    return behindMs === null ? t('noData') : t('behind', { age: format.text(format.duration(Math.max(0, behindMs))) })
  }
}
