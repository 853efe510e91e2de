'use client'
import type { NoteValues } from '@skein/schemas/api/note'
import { useMessages, useTranslations } from 'next-intl'
import { useCallback } from 'react'

/** A note of an answer: what it says in English is for those who read the API. */
export interface SaidNote {
  code: string
  count: number
  values?: NoteValues | undefined
}

/** Whose notes: one code may mean another thing in another answer. What a topic has no words for is said in those of the map. */
export type NoteTopic = keyof ReturnType<typeof useMessages>['notes']

/** What a note says, with the things that it is about, in the reader's language. */
export function useNoteText(topic: NoteTopic): (note: SaidNote) => string {
  const t = useTranslations('notes')
  return useCallback(
    ({ code, count, values }) => {
      const own = `${topic}.${code}`
      const key = (t.has(own as 'topology.limit') ? own : `topology.${code}`) as 'topology.limit'
      const said = t(key, { ...values, count })
      return values?.['subjects'] === undefined ? said : `${said} (${values['subjects']})`
    },
    [t, topic],
  )
}
