'use client'
import { useTranslations } from 'next-intl'
import { useRef, useState } from 'react'
import { useFormat } from '../format/use-format.ts'
import { Button } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { useDismiss } from '../ui/use-dismiss.ts'
import { baselineOf, comparisonOf, COMPARISONS } from '../url/baseline.ts'
import { parseTime } from '../url/time-range.ts'
import { useBaseline } from '../url/use-baseline.ts'
import { useView } from '../url/view-state.ts'
import { browserNowMs } from './browser-clock.ts'
import { localInputOf, timeOfInput } from './local-input.ts'

/** What every page compares with: nothing, or a window of the same length before this one. */
export function ComparisonPicker() {
  const t = useTranslations('versus')
  const [open, setOpen] = useState(false)
  const box = useRef<HTMLDivElement>(null)
  useDismiss(box, open, () => setOpen(false))
  const { view } = useView()
  const label = useComparisonText()
  return (
    <div ref={box} className="relative hidden flex-none phone:block">
      <Button aria-haspopup="dialog" aria-expanded={open} onClick={() => setOpen(!open)} title={label.title}>
        <span className="sr-only">{t('label')}</span>
        <span className="font-normal text-t2">{t('vs')}</span>
        <span className={comparisonOf(view.vs) === 'off' ? 'text-t2' : ''}>{label.text}</span>
        <Icon name="down" size={12} />
      </Button>
      {open && <ComparisonPanel onDone={() => setOpen(false)} />}
    </div>
  )
}

/** The choice in a word for the button, and the window it means as its title. */
function useComparisonText(): { text: string; title: string } {
  const t = useTranslations('versus')
  const format = useFormat()
  const { view } = useView()
  const baseline = useBaseline()
  const comparison = comparisonOf(view.vs)
  const nowMs = browserNowMs()
  const startMs = baseline === null ? null : parseTime(baseline.from, nowMs)
  const endMs = baseline === null ? null : parseTime(baseline.to, nowMs)
  if (comparison === 'off' || startMs === null || endMs === null) return { text: t('off'), title: t('label') }
  const title = `${format.dateTime(startMs)} – ${format.dateTime(endMs)}`
  return { text: comparison === 'at' ? `${format.day(startMs)} ${format.clock(startMs)}` : t(`short.${comparison}`), title }
}

function ComparisonPanel({ onDone }: { onDone: () => void }) {
  const t = useTranslations('versus')
  const format = useFormat()
  const { view, setView } = useView()
  const chosen = comparisonOf(view.vs)
  const hint = (vs: string): string => {
    const nowMs = browserNowMs()
    const startMs = parseTime(baselineOf(view, vs, nowMs)?.from ?? '', nowMs)
    return startMs === null ? '' : `${format.day(startMs)} ${format.clock(startMs)}`
  }
  return (
    <div
      role="dialog"
      aria-label={t('label')}
      className="absolute top-8 right-0 z-[var(--z-pop)] flex w-[320px] flex-col gap-2.5 rounded-3 border border-line bg-raised p-3 shadow-[var(--shadow-2)]"
    >
      <div role="group" aria-label={t('label')} className="grid gap-1">
        {COMPARISONS.map((vs) => (
          <Button
            key={vs}
            className="justify-between"
            aria-pressed={chosen === vs}
            onClick={() => {
              void setView({ vs })
              onDone()
            }}
          >
            {t(vs)}
            <span className="font-normal text-t3">{hint(vs)}</span>
          </Button>
        ))}
      </div>
      <FixedStart onDone={onDone} />
    </div>
  )
}

/** A window of the same length that starts at a time of choice. */
function FixedStart({ onDone }: { onDone: () => void }) {
  const t = useTranslations()
  const { view, setView } = useView()
  const utc = view.tz === 'utc'
  const [draft, setDraft] = useState(() => {
    const nowMs = browserNowMs()
    const baseline = baselineOf(view, comparisonOf(view.vs) === 'off' ? 'week' : view.vs, nowMs)
    return localInputOf(parseTime(baseline?.from ?? '', nowMs) ?? nowMs, utc)
  })
  const startMs = parseTime(timeOfInput(draft, utc), 0)
  const apply = () => {
    if (startMs === null) return
    void setView({ vs: new Date(startMs).toISOString() })
    onDone()
  }
  return (
    <fieldset className="flex items-end gap-2 border-t border-line pt-2.5">
      <legend className="sr-only">{t('versus.at')}</legend>
      <label className="flex min-w-0 flex-1 flex-col gap-1 text-11 text-t3">
        {t('versus.at')}
        <input
          type="datetime-local"
          value={draft}
          onChange={(event) => setDraft(event.target.value)}
          className="h-7 w-full min-w-0 rounded-2 border border-ctl bg-surface px-2 text-12 text-t1"
        />
      </label>
      <Button look="primary" disabled={startMs === null} onClick={apply}>
        {t('action.apply')}
      </Button>
    </fieldset>
  )
}
