/** Looks for a word of ASCII letters in either case, skipping what cannot be part of it (Horspool 1980). */
export interface Finder {
  length: number
  /** Where the word begins next in `bytes[start, end)`, −1 for nowhere. */
  find(bytes: Uint8Array, start: number, end: number): number
}

/** `word`: small letters. */
export function createFinder(word: string): Finder {
  const letters = Uint8Array.from(word, (letter) => letter.charCodeAt(0))
  const last = letters.length - 1
  const skips = new Uint8Array(256).fill(letters.length)
  for (let i = 0; i < last; i++) {
    skips[letters[i]!] = last - i
    skips[letters[i]! & ~0x20] = last - i
  }
  const finalLetter = letters[last]!
  return {
    length: letters.length,
    find(bytes, start, end) {
      for (let at = start + last; at < end; at += skips[bytes[at]!]!) {
        if ((bytes[at]! | 0x20) !== finalLetter) continue
        let i = 0
        while (i < last && (bytes[at - last + i]! | 0x20) === letters[i]) i++
        if (i === last) return at - last
      }
      return -1
    },
  }
}
