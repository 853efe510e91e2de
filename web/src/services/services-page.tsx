'use client'
import type { ServicesAnswer, ServiceSummary } from '@skein/schemas/api/services'
import { useTranslations } from 'next-intl'
import { useRouter } from 'next/navigation'
import { useQueryState, parseAsString } from 'nuqs'
import { useMemo } from 'react'
import { useServices } from '../api/questions.ts'
import { ClusterPicker } from '../frame/cluster-picker.tsx'
import { Page } from '../frame/page.tsx'
import { NoteChips } from '../map/note-chips.tsx'
import { AnswerGate } from '../ui/answer-gate.tsx'
import { Card } from '../ui/card.tsx'
import { CsvButton, DataTable } from '../ui/data-table.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { SearchBox } from '../ui/search-box.tsx'
import type { TableColumn } from '../ui/table-column.ts'
import { useHref } from '../url/view-state.ts'
import { useServiceColumns } from './service-columns.tsx'
import { matchesAll } from './filter.ts'
import { RatesSince } from './rates-since.tsx'
import { serviceLink } from './service-link.ts'
import { ServiceTrend } from './service-trend.tsx'
import { useRatedWindow } from './use-rated-window.ts'

/** Every service of the window, filtered by words. */
export function ServicesPage() {
  const t = useTranslations()
  const services = useServices()
  const [filter, setFilter] = useQueryState('q', parseAsString.withDefault('').withOptions({ history: 'replace' }))
  return (
    <Page
      title={t('nav.services')}
      bar={
        <>
          <SearchBox label={t('services.filter')} value={filter} onChange={(text) => void setFilter(text)} />
          <ClusterPicker />
          <span className="ml-auto flex flex-wrap items-center gap-2">
            <NoteChips notes={services.data?.notes ?? []} />
          </span>
        </>
      }
    >
      <Card className="min-h-0 flex-1" busy={services.isPlaceholderData}>
        <AnswerGate answer={services}>{(answer) => <ServicesTable answer={answer} filter={filter} onClear={() => void setFilter('')} />}</AnswerGate>
      </Card>
    </Page>
  )
}

function ServicesTable({ answer, filter, onClear }: { answer: ServicesAnswer; filter: string; onClear: () => void }) {
  const t = useTranslations('services')
  const router = useRouter()
  const href = useHref()
  const columns = useColumns(answer)
  const rated = useRatedWindow(answer.window)
  const rows = useMemo(() => answer.services.filter((service) => matchesAll(filter, wordsOf(service))), [answer, filter])
  if (rows.length === 0) return <EmptyState filters={filter === '' ? [] : [{ label: filter, remove: onClear }]} />
  return (
    <>
      <div className="flex min-h-9 items-center justify-between px-3 text-11 text-t3">
        <span className="flex items-baseline gap-3">
          {t('count', { shown: rows.length, all: answer.services.length })}
          <RatesSince rated={rated} />
        </span>
        <CsvButton name="services" rows={rows} columns={columns} />
      </div>
      <DataTable
        label={t('table')}
        rows={rows}
        columns={columns}
        rowId={(row) => row.id}
        initialSort={{ id: 'rate', desc: true }}
        onOpen={(row) => {
          const link = serviceLink(row)
          router.push(href(link.path, link.parameters))
        }}
      />
    </>
  )
}

/** The columns of every table of services, and beside the rate how it went. */
function useColumns({ window }: ServicesAnswer): readonly TableColumn<ServiceSummary>[] {
  const t = useTranslations('services')
  const columns = useServiceColumns(window)
  return useMemo(() => {
    const trend: TableColumn<ServiceSummary> = {
      id: 'trend',
      header: t('trend'),
      cell: (row) => <ServiceTrend service={row} of="rate" />,
      secondary: true,
      className: 'w-24',
    }
    return columns.flatMap((column) => (column.id === 'rate' ? [column, trend] : [column]))
  }, [columns, t])
}

function wordsOf({ name, environment, cluster, namespace }: ServiceSummary): string[] {
  return [name, environment, cluster, namespace]
}
