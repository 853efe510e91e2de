'use client'
import type { InstancesAnswer } from '@skein/schemas/api/services'
import { useTranslations } from 'next-intl'
import { useMemo } from 'react'
import { useInstances } from '../api/questions.ts'
import type { ServiceScope } from '../api/questions.ts'
import { useFormat } from '../format/use-format.ts'
import { durationColumn, errorsColumn, rateColumn, redColumnsWithTraces } from '../services/red-columns.tsx'
import { useRatedWindow } from '../services/use-rated-window.ts'
import { AnswerGate } from '../ui/answer-gate.tsx'
import { Card } from '../ui/card.tsx'
import { DataTable } from '../ui/data-table.tsx'
import { Meter } from '../ui/meter.tsx'
import type { TableColumn } from '../ui/table-column.ts'

type Instance = InstancesAnswer['instances'][number]

/** Who does the work, and whether it is shared evenly. */
export function InstancesCard({ scope }: { scope: ServiceScope }) {
  const t = useTranslations('service')
  const instances = useInstances(scope)
  const columns = useInstanceColumns(scope, instances.data)
  return (
    <Card id="instances" title={t('instances')} sub={t('instancesSub')} busy={instances.isPlaceholderData} className="flex-none">
      <AnswerGate answer={instances}>
        {(answer) =>
          answer.instances.length === 0 ? (
            <p className="border-t border-line px-3 py-3 text-t2">{t('noInstances')}</p>
          ) : (
            <DataTable
              className="max-h-[340px]"
              label={t('instances')}
              rows={answer.instances}
              columns={columns}
              rowId={(row) => `${row.instance} ${row.version}`}
              initialSort={{ id: 'rate', desc: true }}
            />
          )
        }
      </AnswerGate>
    </Card>
  )
}

function useInstanceColumns({ name: service, namespace }: ServiceScope, answer: InstancesAnswer | undefined): readonly TableColumn<Instance>[] {
  const t = useTranslations('column')
  const format = useFormat()
  const { seconds } = useRatedWindow(answer?.window)
  const largest = answer?.instances.reduce((most, row) => Math.max(most, row.calls), 0) ?? 0
  return useMemo(() => {
    // what does not say which instance it is leads to all that the service did
    const withTraces = (columns: readonly TableColumn<Instance>[]): readonly TableColumn<Instance>[] =>
      redColumnsWithTraces(columns, (row) => (row.instance === '' ? { service, namespace } : { service, namespace, instance: row.instance }))
    return [
      { id: 'instance', header: t('instance'), value: (row) => row.instance, cell: (row) => <span className="mono">{row.instance}</span> },
      { id: 'version', header: t('version'), value: (row) => row.version, cell: (row) => (row.version === '' ? '–' : row.version) },
      ...withTraces([rateColumn<Instance>(t('rate'), format, seconds)]),
      { id: 'share', header: t('share'), cell: (row) => <Meter share={largest > 0 ? row.calls / largest : 0} />, secondary: true, className: 'w-40' },
      ...withTraces([
        errorsColumn<Instance>(t('errors'), format),
        durationColumn<Instance>('p50Ms', format),
        durationColumn<Instance>('p95Ms', format),
        durationColumn<Instance>('p99Ms', format),
      ]),
      { id: 'lastSeen', header: t('lastSeen'), numeric: true, value: (row) => row.lastSeen, cell: (row) => format.clockSeconds(Date.parse(row.lastSeen)) },
    ]
  }, [t, format, seconds, largest, service, namespace])
}
