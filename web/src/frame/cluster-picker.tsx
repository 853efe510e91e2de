'use client'
import { useTranslations } from 'next-intl'
import { useStatus } from '../api/questions.ts'
import { useView } from '../url/view-state.ts'
import { withPresent } from './with-present.ts'

/** Narrows the page to one cluster; travels with every link like the environment. */
export function ClusterPicker() {
  const t = useTranslations('environment')
  const status = useStatus()
  const { view, setView } = useView()
  return (
    <select
      aria-label={t('cluster')}
      value={view.cluster}
      onChange={(event) => void setView({ cluster: event.target.value })}
      className="h-7 max-w-48 cursor-pointer rounded-2 border border-line-strong bg-surface px-2 font-medium hover:bg-hover"
    >
      <option value="">{t('allClusters')}</option>
      {withPresent(status.data?.clusters ?? [], view.cluster).map((cluster) => (
        <option key={cluster} value={cluster}>
          {cluster}
        </option>
      ))}
    </select>
  )
}
