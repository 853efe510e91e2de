/** How well a text answers what was typed: 0 exact, larger is farther, null when letters are missing. Case and accents do not count. */
export function fuzzyDistance(text: string, typed: string): number | null {
  const words = folded(typed).split(/\s+/).filter(Boolean)
  const inside = folded(text)
  let total = 0
  for (const word of words) {
    const distance = wordDistance(inside, word)
    if (distance === null) return null
    total += distance
  }
  // of two that hold the same, the shorter says less else
  return total + inside.length / 1000
}

const folded = (text: string): string => text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase()

const INSIDE = 4
const SCATTERED = 12

function wordDistance(text: string, word: string): number | null {
  if (text === word) return 0
  const at = text.indexOf(word)
  if (at === 0) return 1
  if (at > 0) return /[\s/._:→-]/.test(text[at - 1] ?? '') ? 2 : INSIDE
  return scattered(text, word)
}

/** Letters in order with gaps between: each gap costs one, up to a limit beyond which it is no likeness any more. */
function scattered(text: string, word: string): number | null {
  if (word.length < 2) return null
  let from = -1
  let gaps = 0
  for (const letter of word) {
    const next = text.indexOf(letter, from + 1)
    if (next < 0) return null
    if (from >= 0 && next > from + 1) gaps++
    from = next
  }
  return gaps > Math.max(1, word.length / 2) ? null : SCATTERED + gaps
}
