import type { z } from 'zod'
import { noteOf } from './note.ts'

/** Why an answer that compares is empty, or how far it can be trusted. */
export const COMPARE_NOTE_CODES = [
  /** Nothing was stored for this window. */
  'no_data',
  /** Nothing was stored for the window to compare with. */
  'no_base',
  /** The window to compare with has data of `count` of its minutes only. */
  'partial_base',
  /** `count` edges failed, or took far longer than before, already in the window to compare with: what is wrong with them may not show. */
  'unwell_base',
  /** Too few calls to tell a change from chance: `count` edges, or the traces of a side. */
  'few_calls',
  /** Not all were looked at; `count` were. */
  'sampled',
  /** The answer was cut at its limit; `count` were left out. */
  'limit',
] as const
export type CompareNoteCode = (typeof COMPARE_NOTE_CODES)[number]

export const compareNote = noteOf(COMPARE_NOTE_CODES).meta({ id: 'CompareNote' })
export type CompareNote = z.infer<typeof compareNote>
