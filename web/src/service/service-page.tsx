'use client'
import type { ServiceAnswer } from '@skein/schemas/api/services'
import { useTranslations } from 'next-intl'
import { useRouter } from 'next/navigation'
import { useQueryStates } from 'nuqs'
import { useMemo } from 'react'
import { useService } from '../api/questions.ts'
import type { ServiceScope } from '../api/questions.ts'
import { useFormat } from '../format/use-format.ts'
import { useLogHistogram } from '../logs/questions.ts'
import { ClusterPicker } from '../frame/cluster-picker.tsx'
import { Page } from '../frame/page.tsx'
import { ChangeMarkers } from '../frame/change-markers.tsx'
import { AnswerGate } from '../ui/answer-gate.tsx'
import { buttonClass } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { Chip } from '../ui/chip.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { Segmented } from '../ui/segmented.tsx'
import { ViewLink } from '../ui/view-link.tsx'
import { useHref } from '../url/view-state.ts'
import { Dependencies } from './dependencies.tsx'
import { InstancesCard } from './instances-card.tsx'
import { OperationsCard } from './operations-card.tsx'
import { Places } from './places.tsx'
import { RedCharts } from './red-charts.tsx'
import { ServiceFigures } from './service-figures.tsx'
import { ServiceLogs, serviceSearch } from './service-logs.tsx'
import { SERVICE_TABS, serviceParsers, type ServiceTab } from './url.ts'

/** What about this one? */
export function ServicePage() {
  const t = useTranslations()
  const [scope, setScope] = useQueryStates(serviceParsers)
  const named = scope.name !== ''
  return (
    <Page
      title={named ? scope.name : t('nav.service')}
      parent={{ label: t('nav.services'), path: '/services' }}
      bar={named && <Bar scope={scope} tab={scope.tab} onTab={(tab) => void setScope({ tab })} onWiden={() => void setScope({ namespace: '' })} />}
    >
      {named ? scope.tab === 'logs' ? <ServiceLogs name={scope.name} namespace={scope.namespace} /> : <Service scope={scope} /> : <Unnamed />}
    </Page>
  )
}

function Unnamed() {
  const t = useTranslations()
  return (
    <Card className="p-6">
      <h2>{t('service.none')}</h2>
      <p className="mt-1 text-t2">{t('service.noneHint')}</p>
      <p className="mt-3">
        <ViewLink path="/services" className={buttonClass({ look: 'primary' })}>
          {t('nav.services')}
        </ViewLink>
      </p>
    </Card>
  )
}

interface BarProps {
  scope: ServiceScope
  tab: ServiceTab
  onTab: (tab: ServiceTab) => void
  onWiden: () => void
}

function Bar({ scope, tab, onTab, onWiden }: BarProps) {
  const t = useTranslations()
  const service = useService(scope)
  const traced = { service: scope.name, namespace: scope.namespace }
  const only = service.data?.services.length === 1 ? service.data.services[0] : undefined
  return (
    <>
      <Segmented label={t('service.tabs')} value={tab} onChange={onTab} options={SERVICE_TABS.map((value) => ({ value, label: t(`service.tab.${value}`) }))} />
      <ClusterPicker />
      {scope.namespace !== '' && <Chip name={t('column.namespace')} value={scope.namespace} onRemove={onWiden} />}
      <span className="ml-auto flex flex-wrap gap-1.5">
        <ViewLink path="/map" parameters={only === undefined ? {} : { node: only.id }} className={buttonClass({})}>
          {t('service.map')}
        </ViewLink>
        <ViewLink path="/bottlenecks" parameters={{ through: scope.name }} className={buttonClass({})}>
          {t('nav.bottlenecks')}
        </ViewLink>
        <ViewLink path="/traces" parameters={traced} className={buttonClass({})}>
          {t('service.traces')}
        </ViewLink>
        <ViewLink path="/traces" parameters={{ ...traced, error: 'true' }} className={buttonClass({})}>
          {t('service.failing')}
        </ViewLink>
      </span>
    </>
  )
}

function Service({ scope }: { scope: ServiceScope }) {
  const service = useService(scope)
  if (service.error?.failure.code === 'service_not_found') {
    return (
      <Card>
        <NoSpans scope={scope} />
      </Card>
    )
  }
  return <AnswerGate answer={service}>{(answer) => <ServiceBody answer={answer} scope={scope} />}</AnswerGate>
}

/** A service that sent no spans may still have written. */
function NoSpans({ scope }: { scope: ServiceScope }) {
  const t = useTranslations('service')
  const format = useFormat()
  const router = useRouter()
  const href = useHref()
  const q = serviceSearch(scope)
  const { data, isPending } = useLogHistogram(useMemo(() => ({ q }), [q]))
  const lines = data?.total ?? 0
  if (isPending) return null
  if (lines === 0) return <EmptyState filters={[{ label: `service:${scope.name}`, remove: () => router.push(href('/services')) }]} />
  return (
    <div className="p-6">
      <h2>{t('onlyLogs', { name: scope.name })}</h2>
      <p className="mt-1 text-t2">{t('onlyLogsHint', { lines: format.text(format.count(lines)) })}</p>
      <p className="mt-3">
        <ViewLink path="/service" parameters={{ name: scope.name, namespace: scope.namespace, tab: 'logs' }} className={buttonClass({ look: 'primary' })}>
          {t('tab.logs')}
        </ViewLink>
      </p>
    </div>
  )
}

function ServiceBody({ answer, scope }: { answer: ServiceAnswer; scope: ServiceScope }) {
  if (answer.services.length === 0) {
    return (
      <Card>
        <EmptyState filters={[]} />
      </Card>
    )
  }
  return (
    <>
      <ServiceFigures scope={scope} answer={answer} />
      {answer.services.length > 1 && <Places answer={answer} />}
      <ChangeMarkers service={scope.name}>
        <RedCharts scope={scope} />
      </ChangeMarkers>
      <div className="grid flex-none items-start gap-3 wide:grid-cols-2">
        <OperationsCard scope={scope} />
        <Dependencies scope={scope} ids={answer.services.map((place) => place.id)} />
      </div>
      <InstancesCard scope={scope} />
    </>
  )
}
