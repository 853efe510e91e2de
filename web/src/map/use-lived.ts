'use client'
import { type ScenarioMapAnswer, scenarioMapAnswer } from '@skein/schemas/api/scenario-map'
import { useTranslations } from 'next-intl'
import { useCallback } from 'react'
import { type Answer, useAnswer } from '../api/use-answer.ts'
import { useFormat } from '../format/use-format.ts'
import { useScope } from '../url/view-state.ts'
import type { LivedPlace } from './scenario-picture.ts'

/** Traces of many runs are read for it, so it is asked again less often than the map. */
const INTERVAL_MS = 30_000

/** Where the runs of a scenario went; '' asks for none. */
export function useScenarioMap(id: string): Answer<ScenarioMapAnswer> {
  const { start, end } = useScope()
  return useAnswer(`/api/scenarios/${id}/map`, scenarioMapAnswer, { query: { start, end }, intervalMs: INTERVAL_MS, enabled: id !== '' })
}

/** `42/60 · 3 failed · 2 slow`: runs that passed of those looked at, and bad ones that are blamed on the place. */
export function useLivedWords(): (place: LivedPlace, total: number) => string {
  const t = useTranslations('map.scenario')
  const format = useFormat()
  return useCallback(
    ({ runs, failedRuns, slowRuns }, total) =>
      [
        t('passed', { count: format.integer(runs), total: format.integer(total) }),
        ...(failedRuns > 0 ? [t('failed', { count: format.integer(failedRuns) })] : []),
        ...(slowRuns > 0 ? [t('slow', { count: format.integer(slowRuns) })] : []),
      ].join(' · '),
    [t, format],
  )
}
