'use client'
import type { BottlenecksAnswer } from '@skein/schemas/api/bottlenecks'
import { useTranslations } from 'next-intl'
import { useView } from '../url/view-state.ts'
import { Segmented } from '../ui/segmented.tsx'
import { releasePairs } from './release-pairs.ts'
import { type BottlenecksState, type Compared, comparedWith, type SetBottlenecks } from './url.ts'

export interface ComparePickerProps {
  state: BottlenecksState
  set: SetBottlenecks
  versions: BottlenecksAnswer['versions']
}

/** What the band is compared with. A window is the one that the whole view compares with; choosing it without one compares with the window before. */
export function ComparePicker({ state, set, versions }: ComparePickerProps) {
  const t = useTranslations('bottlenecks.compare')
  const { view, setView } = useView()
  const pairs = releasePairs(versions)
  const value = comparedWith(state, view.vs !== 'off')
  const choose = (base: Compared) => {
    if (base === 'window' && view.vs === 'off') void setView({ vs: 'previous' })
    set(base === 'release' ? { base, ...pairs[0] } : { base })
  }
  const options = (['fast', 'window', 'release'] as const).filter((base) => base !== 'release' || pairs.length > 0)
  return (
    <span className="flex flex-wrap items-center gap-2">
      <span className="hidden whitespace-nowrap text-t2 wide:inline">{t('label')}</span>
      <Segmented label={t('label')} value={value} onChange={choose} options={options.map((base) => ({ value: base, label: t(base) }))} />
      {value === 'release' && (
        <select
          aria-label={t('whichRelease')}
          value={pairs.findIndex((pair) => pair.release === state.release && pair.baseVersion === state.baseVersion)}
          onChange={(event) => set({ base: 'release', ...pairs[Number(event.target.value)] })}
          className="h-7 max-w-64 truncate rounded-2 border border-line-strong bg-surface px-1.5"
        >
          {pairs.map((pair, at) => (
            <option key={`${pair.release} ${pair.baseVersion}`} value={at}>
              {`${pair.release} ${pair.baseVersion}`}
            </option>
          ))}
        </select>
      )}
    </span>
  )
}
