import type { Language } from '../format/format.ts'

/** The language of ours that a BCP 47 tag asks for; English where we have none. */
export function languageOf(tag: string): Language {
  return /^zh(?:-|$)/i.test(tag) ? 'zh' : 'en'
}
