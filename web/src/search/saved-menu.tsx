'use client'
import { useTranslations } from 'next-intl'
import { type FormEvent, useRef, useState } from 'react'
import { useStored } from '../frame/use-stored.ts'
import { Button } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { useDismiss } from '../ui/use-dismiss.ts'
import { readSaved, type SavedSearch, withoutSaved, withSaved } from './saved-searches.ts'

export interface SavedMenuProps {
  /** Where in this browser they are kept. */
  storedAs: string
  query: string
  onChoose: (query: string) => void
}

/** Searches by name, kept in this browser. */
export function SavedMenu({ storedAs, query, onChoose }: SavedMenuProps) {
  const t = useTranslations('search.saved')
  const [open, setOpen] = useState(false)
  const [text, store] = useStored(storedAs)
  const [name, setName] = useState('')
  const box = useRef<HTMLDivElement>(null)
  useDismiss(box, open, () => setOpen(false))
  const saved = readSaved(text)
  const save = (event: FormEvent) => {
    event.preventDefault()
    store(JSON.stringify(withSaved(saved, { name, query })))
    setName('')
  }
  return (
    <div ref={box} className="relative">
      <Button aria-haspopup="dialog" aria-expanded={open} onClick={() => setOpen(!open)}>
        {t('title')}
        <Icon name="down" size={12} />
      </Button>
      {open && (
        <div
          role="dialog"
          aria-label={t('title')}
          className="absolute top-8 right-0 z-[var(--z-pop)] grid w-80 gap-2 rounded-3 border border-line bg-raised p-3 shadow-[var(--shadow-2)]"
        >
          <SavedList
            saved={saved}
            onChoose={(chosen) => {
              onChoose(chosen)
              setOpen(false)
            }}
            onForget={(forgotten) => store(JSON.stringify(withoutSaved(saved, forgotten)))}
          />
          <form className="flex gap-2 border-t border-line pt-2" onSubmit={save}>
            <input
              type="text"
              value={name}
              aria-label={t('name')}
              placeholder={t('name')}
              onChange={(event) => setName(event.target.value)}
              className="h-7 min-w-0 flex-1 rounded-2 border border-ctl bg-sunken px-2"
            />
            <Button type="submit" disabled={query === '' || name.trim() === ''}>
              {t('save')}
            </Button>
          </form>
          {query === '' && <p className="text-11 text-t3">{t('nothing')}</p>}
        </div>
      )}
    </div>
  )
}

interface SavedListProps {
  saved: readonly SavedSearch[]
  onChoose: (query: string) => void
  onForget: (name: string) => void
}

function SavedList({ saved, onChoose, onForget }: SavedListProps) {
  const t = useTranslations('search.saved')
  if (saved.length === 0) return <p className="text-t2">{t('none')}</p>
  return (
    <ul className="max-h-64 overflow-auto">
      {saved.map((each) => (
        <li key={each.name} className="flex items-center gap-2">
          <button type="button" className="min-w-0 flex-1 truncate py-1 text-left hover:underline" title={each.query} onClick={() => onChoose(each.query)}>
            <b className="font-medium">{each.name}</b> <span className="mono text-t3">{each.query}</span>
          </button>
          <Button look="ghost" small square aria-label={t('forget', { name: each.name })} onClick={() => onForget(each.name)}>
            <Icon name="close" size={12} />
          </Button>
        </li>
      ))}
    </ul>
  )
}
