import { quoted } from '../search/suggestion.ts'

/** Where lines of a pattern differ. */
export const SLOT = '<*>'
/** More phrases than this tell no more lines apart. */
const MOST_PHRASES = 6

/**
 * A search for the lines of a template by what they all say, for a rule: unlike the id of the pattern it can be read, and holds for the first line of
 * the pattern too. Words that a slot is part of are left out, since a phrase is found as whole words.
 */
export function templateMatch({ service, template }: { service: string; template: string }): string {
  const parts = template.split(SLOT)
  const phrases = parts
    .map((part, at) => wholeWords(part, { begins: at === 0, ends: at === parts.length - 1 }))
    .filter((phrase) => /[\p{L}\p{N}]/u.test(phrase))
  const longest = phrases.toSorted((a, b) => b.length - a.length).slice(0, MOST_PHRASES)
  const kept = phrases.filter((phrase) => longest.includes(phrase))
  return [...(service === '' ? [] : [`service:${quoted(service)}`]), ...new Set(kept.map((phrase) => `"${phrase.replaceAll(/["\\]/g, '\\$&')}"`))].join(' ')
}

/** The part of a template without words that go on into a slot at either end. */
function wholeWords(part: string, { begins, ends }: { begins: boolean; ends: boolean }): string {
  const from = begins ? part : part.replace(/^[\p{L}\p{N}]+/u, '')
  return (ends ? from : from.replace(/[\p{L}\p{N}]+$/u, '')).trim()
}
