'use client'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { useFormat } from '../../format/use-format.ts'
import { Button } from '../../ui/button.tsx'
import { Tag } from '../../ui/chip.tsx'
import { HealthMark } from '../../ui/health-mark.tsx'
import { Icon } from '../../ui/icon.tsx'
import { ColumnsMenu } from '../columns-menu.tsx'
import { filtered } from '../conditions.ts'
import { LineDetail } from '../line-detail.tsx'
import { LineList } from '../line-list.tsx'
import { Unreadable } from '../unreadable.tsx'
import { readLogQuery, type TabProps } from '../url.ts'
import { EmptyTail } from './empty-tail.tsx'
import { type Tail, useTail } from './use-tail.ts'

/** Further behind than this is told as being behind. */
const BEHIND_MS = 2000

/** Lines of the search as they come in, the newest below; they are held while somebody reads. */
export function TailTab({ state, set }: TabProps) {
  const t = useTranslations('logs')
  const [paused, setPaused] = useState(false)
  const [reading, setReading] = useState(false)
  const held = paused || reading || state.line !== ''
  const tail = useTail(state.q, held)
  const read = readLogQuery(state.q)
  const resume = () => {
    setPaused(false)
    setReading(false)
    set({ line: '' })
  }
  if (!read.ok) return <Unreadable read={read} onClear={() => set({ q: '' })} />
  return (
    <section className="@container flex min-w-0 flex-1 flex-col bg-surface">
      <Head tail={tail} held={held} onHold={() => setPaused(true)} onResume={resume} state={state} set={set} />
      {tail.problem !== '' && (
        <p role="alert" className="flex-none bg-bad-bg px-3 py-1.5 text-t2">
          {tail.problem}
        </p>
      )}
      {tail.shown.lines.length === 0 ? (
        <EmptyTail tail={tail} held={held} q={state.q} onResume={resume} onClear={() => set({ q: '' })} />
      ) : (
        <LineList
          label={t('tailing.label')}
          lines={tail.shown.lines}
          resources={tail.shown.resources}
          columns={state.cols}
          wrap={state.wrap}
          days={false}
          openId={state.line}
          onOpen={(line) => set({ line })}
          newAt="end"
          follow={!held}
          onReading={setReading}
          detail={(line) => (
            <LineDetail
              line={line}
              resource={tail.shown.resources[line.resource] ?? {}}
              show={state.show}
              onShow={(show) => set({ show })}
              onFilter={(field, value, wanted) => set({ q: filtered(state.q, field, value, wanted), line: '' })}
            />
          )}
        />
      )}
    </section>
  )
}

interface HeadProps extends TabProps {
  tail: Tail
  held: boolean
  onHold: () => void
  onResume: () => void
}

function Head({ tail, held, onHold, onResume, state, set }: HeadProps) {
  const t = useTranslations('logs.tailing')
  const logs = useTranslations('logs')
  const format = useFormat()
  return (
    <div className="flex min-h-9 flex-none flex-wrap items-center gap-x-2.5 gap-y-1 border-b border-line px-3 py-1">
      <Button small look={held ? 'primary' : 'outline'} onClick={held ? onResume : onHold}>
        <Icon name={held ? 'play' : 'pause'} size={12} />
        {held ? t('resume') : t('pause')}
      </Button>
      <ConnectionState tail={tail} />
      {tail.state !== null && <span className="text-t2">{t('rate', { rate: format.text(format.count(tail.state.linesPerSecond)) })}</span>}
      {held && tail.waiting > 0 && <Tag tone="accent">{t('waiting', { count: tail.waiting })}</Tag>}
      {tail.dropped !== null && tail.dropped.total > 0 && (
        <span data-tail-dropped={tail.dropped.total}>
          <Tag tone="degraded" title={t(`dropped.${tail.dropped.reason}`)}>
            <Icon name="warn" size={11} />
            {t('droppedCount', { count: format.integer(tail.dropped.total) })}
          </Tag>
        </span>
      )}
      <span className="text-11 text-t3">{t('kept', { count: format.integer(tail.shown.lines.length) })}</span>
      <span className="ml-auto flex items-center gap-1.5">
        <Button small onClick={tail.clear}>
          {t('clear')}
        </Button>
        <Button small aria-pressed={state.wrap} onClick={() => set({ wrap: !state.wrap })}>
          {logs('wrap')}
        </Button>
        <ColumnsMenu columns={state.cols} onColumns={(cols) => set({ cols })} />
      </span>
    </div>
  )
}

/** Connected, behind, or on the way back. */
function ConnectionState({ tail }: { tail: Tail }) {
  const t = useTranslations('logs.tailing')
  const format = useFormat()
  const { connection, state } = tail
  const behindMs = state?.behindMs ?? 0
  const behind = connection === 'connected' && behindMs > BEHIND_MS
  const health = connection === 'connected' ? (behind ? 'degraded' : 'ok') : connection === 'connecting' ? 'unknown' : 'bad'
  return (
    <span role="status" className="flex items-center gap-1.5 font-medium">
      <HealthMark health={health} size={10} />
      {behind ? t('behind', { age: format.text(format.duration(behindMs)) }) : t(`connection.${connection}`)}
    </span>
  )
}
