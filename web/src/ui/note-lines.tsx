'use client'
import { type NoteTopic, type SaidNote, useNoteText } from './use-note-text.ts'

/** Notes that belong above what they are about. */
export function NoteLines({ topic, notes, className = '' }: { topic: NoteTopic; notes: readonly SaidNote[]; className?: string }) {
  const text = useNoteText(topic)
  return notes.map((note) => {
    const said = text(note)
    return (
      <p key={said} className={`flex-none rounded-2 bg-degraded-bg px-2.5 py-[7px] text-t2 ${className}`}>
        {said}
      </p>
    )
  })
}
