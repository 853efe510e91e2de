'use client'
import { useTranslations } from 'next-intl'
import { useRef, useState } from 'react'
import { useStatus } from '../api/questions.ts'
import { useFormat } from '../format/use-format.ts'
import { Button } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { Segmented } from '../ui/segmented.tsx'
import { useDismiss } from '../ui/use-dismiss.ts'
import { absolute, isRelative, parseTime, readable, RELATIVE_RANGES, resolveRange } from '../url/time-range.ts'
import { LIVE, useView } from '../url/view-state.ts'
import { EnvironmentPicker } from './environment-picker.tsx'
import { browserNowMs } from './browser-clock.ts'
import { isFresh } from './platform-status.ts'
import { localInputOf, timeOfInput } from './local-input.ts'

const ZONES = ['local', 'utc'] as const

/** Range, length and zone on a button; the whole choice in a popover. */
export function RangePicker() {
  const t = useTranslations('range')
  const { view } = useView()
  const [open, setOpen] = useState(false)
  const box = useRef<HTMLDivElement>(null)
  useDismiss(box, open, () => setOpen(false))
  const label = useRangeLabel()
  const live = view.to === 'now' && view.live !== 'off'
  return (
    <div ref={box} className="relative flex-none">
      <Button aria-haspopup="dialog" aria-expanded={open} onClick={() => setOpen(!open)}>
        <Icon name="clock" size={14} />
        {live && <LiveDot />}
        <span className="sr-only">{t('label')}</span>
        <span className="max-w-44 truncate">{label.main}</span>
        <span className="hidden font-normal text-t2 wide:inline">
          {label.extra}
          {live ? ` · ${t(view.live)}` : ''}
        </span>
        <Icon name="down" size={12} />
      </Button>
      {open && <RangePanel onDone={() => setOpen(false)} />}
    </div>
  )
}

/** Only while data really arrives: a picture that is asked again is not yet a live one. */
function LiveDot() {
  const t = useTranslations('range')
  const status = useStatus()
  if (status.isError || status.data === undefined || !isFresh(status.data)) return null
  return <span role="img" aria-label={t('arriving')} title={t('arriving')} className="h-1.5 w-1.5 rounded-full bg-accent" />
}

function useRangeLabel(): { main: string; extra: string } {
  const t = useTranslations('range')
  const format = useFormat()
  const { view } = useView()
  const range = readable(view)
  const known = RELATIVE_RANGES.find((each) => each === range.from)
  const zone = view.tz === 'utc' ? t('utc') : t('local')
  if (known !== undefined && range.to === 'now') return { main: t(known), extra: zone }
  const { startMs, endMs } = resolveRange(range, browserNowMs())
  if (isRelative(range)) return { main: t('last', { length: format.text(format.duration(endMs - startMs)) }), extra: zone }
  const sameDay = format.day(startMs) === format.day(endMs)
  const main = `${sameDay ? format.clock(startMs) : `${format.day(startMs)} ${format.clock(startMs)}`} – ${format.clock(endMs)}`
  return { main, extra: `${format.day(endMs)} · ${format.text(format.duration(endMs - startMs))} · ${zone}` }
}

function RangePanel({ onDone }: { onDone: () => void }) {
  const t = useTranslations('range')
  const { view, setView } = useView()
  return (
    <div
      role="dialog"
      aria-label={t('label')}
      className="fixed inset-x-2 top-12 z-[var(--z-pop)] flex flex-col gap-3 rounded-3 border border-line bg-raised p-3 shadow-[var(--shadow-2)] phone:absolute phone:inset-x-auto phone:top-8 phone:right-0 phone:w-[380px]"
    >
      <div className="phone:hidden">
        <EnvironmentPicker />
      </div>
      <fieldset>
        <legend className="mb-1 text-11 text-t3">{t('relative')}</legend>
        <div className="grid grid-cols-3 gap-1.5">
          {RELATIVE_RANGES.map((from) => (
            <Button
              key={from}
              className="justify-center"
              aria-pressed={view.from === from && view.to === 'now'}
              onClick={() => {
                void setView({ from, to: 'now' })
                onDone()
              }}
            >
              {t(from)}
            </Button>
          ))}
        </div>
      </fieldset>
      <AbsoluteRange onDone={onDone} />
      <div className="flex items-center justify-between gap-3 border-t border-line pt-3">
        <span className="text-t2">{t('live')}</span>
        <Segmented
          small
          label={t('live')}
          options={LIVE.map((value) => ({ value, label: t(value) }))}
          value={view.live}
          onChange={(live) => void setView({ live })}
        />
      </div>
      <div className="flex items-center justify-between gap-3">
        <span className="text-t2">{t('zone')}</span>
        <Segmented
          small
          label={t('zone')}
          options={ZONES.map((value) => ({ value, label: t(value) }))}
          value={view.tz}
          onChange={(tz) => void setView({ tz })}
        />
      </div>
    </div>
  )
}

function AbsoluteRange({ onDone }: { onDone: () => void }) {
  const t = useTranslations()
  const { view, setView } = useView()
  const utc = view.tz === 'utc'
  const [draft, setDraft] = useState(() => {
    const { startMs, endMs } = resolveRange(view, browserNowMs())
    return { from: localInputOf(startMs, utc), to: localInputOf(endMs, utc) }
  })
  const startMs = parseTime(timeOfInput(draft.from, utc), 0)
  const endMs = parseTime(timeOfInput(draft.to, utc), 0)
  const valid = startMs !== null && endMs !== null && startMs < endMs
  const apply = () => {
    if (!valid) return
    void setView(absolute(startMs, endMs))
    onDone()
  }
  return (
    <fieldset className="flex flex-col gap-1.5">
      <legend className="mb-1 text-11 text-t3">{t('range.absolute')}</legend>
      {(['from', 'to'] as const).map((end) => (
        <label key={end} className="flex items-center gap-2">
          <span className="w-10 text-t2">{t(`range.${end}`)}</span>
          <input
            type="datetime-local"
            step={1}
            value={draft[end]}
            onChange={(event) => setDraft({ ...draft, [end]: event.target.value })}
            className="h-7 flex-1 rounded-2 border border-ctl bg-surface px-2"
          />
        </label>
      ))}
      <div className="flex items-center justify-between gap-2">
        <span role="alert" className="text-11 text-bad-text">
          {valid ? '' : t('range.invalid')}
        </span>
        <Button look="primary" disabled={!valid} onClick={apply}>
          {t('action.apply')}
        </Button>
      </div>
    </fieldset>
  )
}
