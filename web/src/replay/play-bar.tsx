'use client'
import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { Button } from '../ui/button.tsx'
import { CopyButton } from '../ui/copy-button.tsx'
import { Icon } from '../ui/icon.tsx'
import { Segmented } from '../ui/segmented.tsx'
import { type Playback, SPEEDS } from './use-playback.ts'

interface PlayBarProps {
  playback: Playback
  /** Index of the frame and how many there are. */
  at: number
  count: number
  onFrame: (at: number) => void
  /** Where the frame stands in time. */
  moment: string
  end?: ReactNode
}

/** Steps, plays and pauses; a slider over all frames. */
export function PlayBar({ playback, at, count, onFrame, moment, end }: PlayBarProps) {
  const t = useTranslations('replay')
  return (
    <div className="flex flex-none flex-wrap items-center gap-2 border-t border-line bg-surface px-3 py-1.5">
      <Button square aria-label={t('previous')} title={t('previous')} onClick={() => playback.step(-1)}>
        <Icon name="previous" size={14} />
      </Button>
      <Button
        square
        look="primary"
        aria-label={t(playback.playing ? 'pause' : 'play')}
        title={t(playback.playing ? 'pause' : 'play')}
        onClick={playback.toggle}
      >
        <Icon name={playback.playing ? 'pause' : 'play'} size={14} />
      </Button>
      <Button square aria-label={t('next')} title={t('next')} onClick={() => playback.step(1)}>
        <Icon name="next" size={14} />
      </Button>
      <Segmented
        small
        label={t('speed')}
        value={String(playback.speed)}
        onChange={(value) => playback.setSpeed(SPEEDS.find((speed) => String(speed) === value) ?? 1)}
        options={SPEEDS.map((speed) => ({ value: String(speed), label: `${speed}×` }))}
      />
      <b className="font-semibold">{moment}</b>
      <span className="text-t2" data-frame={at + 1}>
        {t('frame', { number: Math.min(at + 1, count), count })}
      </span>
      <input
        type="range"
        aria-label={t('slider')}
        min={1}
        max={Math.max(1, count)}
        value={at + 1}
        onChange={(event) => onFrame(Number(event.target.value) - 1)}
        className="min-w-[80px] flex-1 accent-[var(--accent)]"
      />
      {end}
      <CopyButton word text={() => globalThis.location.href} label={t('link')} />
    </div>
  )
}
