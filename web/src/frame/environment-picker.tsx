'use client'
import { useTranslations } from 'next-intl'
import { useStatus } from '../api/questions.ts'
import { useView } from '../url/view-state.ts'
import { withPresent } from './with-present.ts'

/** The environment of everything shown; travels with every link. */
export function EnvironmentPicker() {
  const t = useTranslations('environment')
  const status = useStatus()
  const { view, setView } = useView()
  return (
    <select
      aria-label={t('label')}
      value={view.env}
      onChange={(event) => void setView({ env: event.target.value })}
      className="h-6 max-w-40 cursor-pointer truncate rounded-2 bg-surface font-medium hover:bg-hover"
    >
      <option value="">{t('all')}</option>
      {withPresent(status.data?.environments ?? [], view.env).map((environment) => (
        <option key={environment} value={environment}>
          {environment}
        </option>
      ))}
    </select>
  )
}
