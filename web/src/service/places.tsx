'use client'
import type { ServiceAnswer } from '@skein/schemas/api/services'
import { useTranslations } from 'next-intl'
import { useServiceColumns } from '../services/service-columns.tsx'
import { Card } from '../ui/card.tsx'
import { DataTable } from '../ui/data-table.tsx'

/** The places a name lives in; each row narrows the page to one. */
export function Places({ answer }: { answer: ServiceAnswer }) {
  const t = useTranslations('service')
  const columns = useServiceColumns(answer.window)
  return (
    <Card title={t('places')} sub={t('placesSub')} className="flex-none">
      <DataTable label={t('places')} rows={answer.services} columns={columns} rowId={(row) => row.id} initialSort={{ id: 'rate', desc: true }} />
    </Card>
  )
}
