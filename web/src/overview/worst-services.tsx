'use client'
import type { ServicesAnswer, ServiceSummary } from '@skein/schemas/api/services'
import { HEALTH } from '@skein/schemas/api/window'
import { useTranslations } from 'next-intl'
import { useRouter } from 'next/navigation'
import { useMemo } from 'react'
import type { Answer } from '../api/use-answer.ts'
import { useServiceColumns } from '../services/service-columns.tsx'
import { serviceLink } from '../services/service-link.ts'
import { ServiceTrend } from '../services/service-trend.tsx'
import { AnswerGate } from '../ui/answer-gate.tsx'
import { Card } from '../ui/card.tsx'
import { DataTable } from '../ui/data-table.tsx'
import type { TableColumn } from '../ui/table-column.ts'
import { ViewLink } from '../ui/view-link.tsx'
import { useHref } from '../url/view-state.ts'

const SHOWN = 10
/** What needs a look first; what has no calls to judge by last. */
const ORDER = ['bad', 'degraded', 'ok', 'unknown'] as const satisfies readonly (typeof HEALTH)[number][]

/** The services most worth a look: least healthy first, then the busiest. */
export function WorstServices({ services }: { services: Answer<ServicesAnswer> }) {
  const t = useTranslations('overview')
  const count = services.data?.services.length ?? 0
  return (
    <Card
      title={t('servicesTable')}
      sub={services.data === undefined ? undefined : t('servicesShown', { shown: Math.min(SHOWN, count), all: count })}
      end={<ViewLink path="/services">{t('allServices')}</ViewLink>}
      busy={services.isPlaceholderData}
      className="flex-none"
    >
      <AnswerGate answer={services}>{(data) => <Table answer={data} />}</AnswerGate>
    </Card>
  )
}

function Table({ answer }: { answer: ServicesAnswer }) {
  const t = useTranslations('overview')
  const router = useRouter()
  const href = useHref()
  const columns = useTrendColumns(answer)
  const rows = useMemo(
    () => answer.services.toSorted((a, b) => ORDER.indexOf(a.health) - ORDER.indexOf(b.health) || b.calls - a.calls).slice(0, SHOWN),
    [answer],
  )
  const open = (row: (typeof rows)[number]) => {
    const link = serviceLink(row)
    router.push(href(link.path, link.parameters))
  }
  return <DataTable label={t('servicesTable')} rows={rows} columns={columns} rowId={(row) => row.id} onOpen={open} />
}

/** The columns of all services but those that every row says alike, and the line of the number that tells most. */
function useTrendColumns({ window }: ServicesAnswer): readonly TableColumn<ServiceSummary>[] {
  const t = useTranslations('overview')
  const columns = useServiceColumns(window)
  return useMemo(() => {
    const trend: TableColumn<ServiceSummary> = {
      id: 'trend',
      header: t('trend'),
      cell: (row) => <ServiceTrend service={row} of="p95" />,
      secondary: true,
      className: 'w-24',
    }
    return [...columns.filter(({ id }) => !LEFT_OUT.has(id)), trend]
  }, [columns, t])
}

const LEFT_OUT = new Set(['environment', 'namespace', 'p99Ms'])
