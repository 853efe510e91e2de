'use client'
import type { InstancesAnswer } from '@skein/schemas/api/services'
import { useTranslations } from 'next-intl'
import { useMemo } from 'react'
import { useInstances } from '../api/questions.ts'
import type { ServiceScope } from '../api/questions.ts'
import { useFormat } from '../format/use-format.ts'
import { durationColumn, errorsColumn, rateColumn } from '../services/red-columns.tsx'
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
  const columns = useInstanceColumns(instances.data)
  return (
    <Card title={t('instances')} sub={t('instancesSub')} busy={instances.isPlaceholderData} className="flex-none">
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

function useInstanceColumns(answer: InstancesAnswer | undefined): readonly TableColumn<Instance>[] {
  const t = useTranslations('column')
  const format = useFormat()
  const { seconds } = useRatedWindow(answer?.window)
  const largest = answer?.instances.reduce((most, row) => Math.max(most, row.calls), 0) ?? 0
  return useMemo(
    () => [
      { id: 'instance', header: t('instance'), value: (row) => row.instance, cell: (row) => <span className="mono">{row.instance}</span> },
      { id: 'version', header: t('version'), value: (row) => row.version, cell: (row) => (row.version === '' ? '–' : row.version) },
      rateColumn(t('rate'), format, seconds),
      { id: 'share', header: t('share'), cell: (row) => <Meter share={largest > 0 ? row.calls / largest : 0} />, secondary: true, className: 'w-40' },
      errorsColumn(t('errors'), format),
      durationColumn('p50Ms', format),
      durationColumn('p95Ms', format),
      durationColumn('p99Ms', format),
      { id: 'lastSeen', header: t('lastSeen'), numeric: true, value: (row) => row.lastSeen, cell: (row) => format.clockSeconds(Date.parse(row.lastSeen)) },
    ],
    [t, format, seconds, largest],
  )
}
