'use client'
import { useTranslations } from 'next-intl'
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react'
import { Icon } from '../../ui/icon.tsx'
import { useStored } from '../use-stored.ts'
import { foundEntries, type PaletteEntry, readRecent, restingEntries, withRecent } from './entries.ts'
import { useEntries } from './use-entries.ts'

const RECENT_KEY = 'skein.recent'

interface PaletteProps {
  onClose: () => void
  openHelp: () => void
}

/** One box for everything: services, operations, traces by id, pages, actions. Arrows choose, Enter does, Esc leaves. */
export function Palette({ onClose, openHelp }: PaletteProps) {
  const t = useTranslations('palette')
  const id = useId()
  const dialog = useRef<HTMLDialogElement>(null)
  const { typed, setTyped, shown, at, setActive, remember } = useShownEntries(openHelp)
  useEffect(() => {
    dialog.current?.showModal()
  }, [])
  useEffect(() => {
    document.getElementById(`${id}-${at}`)?.scrollIntoView({ block: 'nearest' })
  }, [id, at])
  const choose = (entry: PaletteEntry | undefined) => {
    if (entry === undefined) return
    remember(entry)
    dialog.current?.close()
    entry.run()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const next = movedTo(event.key, at, shown.length)
    if (next !== null) setActive(next)
    else if (event.key === 'Enter') choose(shown[at])
    else return
    event.preventDefault()
  }
  return (
    <dialog
      ref={dialog}
      aria-label={t('label')}
      onClose={onClose}
      onClick={(event) => {
        if (event.target === dialog.current) dialog.current?.close()
      }}
      className="mx-auto mt-[12vh] w-[560px] max-w-[calc(100vw-24px)] overflow-hidden rounded-3 border border-line-strong bg-raised p-0 text-t1 shadow-[var(--shadow-3)] backdrop:bg-[rgb(0_0_0_/_.35)]"
    >
      <div className="flex h-11 items-center gap-2.5 border-b border-line px-3.5 text-t3">
        <Icon name="search" size={15} />
        <input
          autoFocus
          role="combobox"
          aria-expanded
          aria-controls={id}
          aria-autocomplete="list"
          {...(shown.length > 0 ? { 'aria-activedescendant': `${id}-${at}` } : {})}
          aria-label={t('label')}
          placeholder={t('placeholder')}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          onKeyDown={onKeyDown}
          className="min-w-0 flex-1 bg-transparent text-14 text-t1 outline-none placeholder:text-t3"
        />
      </div>
      <EntryList id={id} entries={shown} active={at} onPoint={setActive} onChoose={choose} />
      {shown.length === 0 && (
        <p role="status" className="px-3.5 py-4 text-t2">
          {t('nothing', { typed })}
        </p>
      )}
    </dialog>
  )
}

/** What is listed for what is typed, and which of it the arrows stand on. */
function useShownEntries(openHelp: () => void) {
  const [typed, setTyped] = useState('')
  const [active, setActive] = useState(0)
  const [stored, setStored] = useStored(RECENT_KEY)
  const recentIds = readRecent(stored)
  const entries = useEntries(typed, openHelp)
  const shown = typed.trim() === '' ? restingEntries(entries, recentIds) : foundEntries(entries, typed)
  return {
    typed,
    setTyped: (text: string) => {
      setTyped(text)
      setActive(0)
    },
    shown,
    at: Math.min(active, shown.length - 1),
    setActive,
    remember: (entry: PaletteEntry) => setStored(JSON.stringify(withRecent(recentIds, entry.id))),
  }
}

/** Up from the first is the last, down from the last the first. */
function movedTo(key: string, at: number, count: number): number | null {
  const moves: Readonly<Record<string, number>> = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: Math.min(count - 1, at + 8), PageUp: Math.max(0, at - 8) }
  const next = moves[key]
  return next === undefined || count === 0 ? null : (next + count) % count
}

interface EntryListProps {
  id: string
  entries: readonly PaletteEntry[]
  active: number
  onPoint: (index: number) => void
  onChoose: (entry: PaletteEntry) => void
}

function EntryList({ id, entries, active, onPoint, onChoose }: EntryListProps) {
  const t = useTranslations('palette')
  const groups = [
    ...Map.groupBy(
      entries.map((entry, index) => ({ entry, index })),
      ({ entry }) => entry.group,
    ),
  ]
  return (
    <div id={id} role="listbox" aria-label={t('label')} className="max-h-[min(52vh,420px)] overflow-auto py-1.5">
      {groups.map(([group, members]) => (
        <div key={group} role="group" aria-label={t(`group.${group}`)}>
          <div aria-hidden="true" className="px-3.5 pt-1.5 pb-0.5 text-[10px] font-semibold tracking-[.02em] text-t3">
            {t(`group.${group}`)}
          </div>
          {members.map(({ entry, index }) => (
            <div
              key={entry.id}
              id={`${id}-${index}`}
              role="option"
              aria-selected={index === active}
              onPointerMove={() => onPoint(index)}
              onClick={() => onChoose(entry)}
              className="flex h-8 cursor-pointer items-center gap-2.5 px-3.5 aria-selected:bg-selected"
            >
              <Icon name={entry.icon} size={14} className="text-t3" />
              <span className="min-w-0 truncate">{entry.label}</span>
              {entry.hint !== undefined && <span className="ml-auto max-w-[45%] truncate text-11 text-t3">{entry.hint}</span>}
            </div>
          ))}
        </div>
      ))}
    </div>
  )
}
