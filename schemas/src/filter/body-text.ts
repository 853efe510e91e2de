/** Letters of ASCII in small; others as they are, which is what the store can do byte by byte. */
export function lowerAscii(text: string): string {
  return isAscii(text) ? text.toLowerCase() : text.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase())
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 127) return false
  return true
}

/** A letter or a digit of ASCII, in small letters; they are what a word has none of beside it. */
function isWordCode(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 48 && code <= 57)
}

function beginsAt(text: string, part: string, at: number): boolean {
  return at === 0 || !isWordCode(part.charCodeAt(0)) || !isWordCode(text.charCodeAt(at - 1))
}

function endsAt(text: string, part: string, end: number): boolean {
  return end === text.length || !isWordCode(part.charCodeAt(part.length - 1)) || !isWordCode(text.charCodeAt(end))
}

/** Whether a text has a phrase as whole words; both in small letters. */
export function hasPhrase(text: string, phrase: string): boolean {
  for (let at = text.indexOf(phrase); at >= 0; at = text.indexOf(phrase, at + 1)) {
    if (beginsAt(text, phrase, at) && endsAt(text, phrase, at + phrase.length)) return true
  }
  return false
}

/** Whether a text has the words of a pattern, `*` being any run of characters; both in small letters. */
export function likeWords(text: string, pattern: string): boolean {
  const parts = pattern.split('*')
  let from = 0
  for (const [place, part] of parts.entries()) {
    if (part === '') continue
    let at = text.indexOf(part, from)
    while (at >= 0 && !((place > 0 || beginsAt(text, part, at)) && (place < parts.length - 1 || endsAt(text, part, at + part.length)))) {
      at = text.indexOf(part, at + 1)
    }
    if (at < 0) return false
    from = at + part.length
  }
  return true
}

/** Whether a text is as a pattern says from its beginning to its end, `*` being any run of characters. */
export function likePattern(text: string, pattern: string): boolean {
  const parts = pattern.split('*')
  const [first = ''] = parts
  const last = parts.at(-1) ?? ''
  if (parts.length === 1) return text === pattern
  if (!text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length) return false
  const end = text.length - last.length
  let from = first.length
  for (const part of parts.slice(1, -1)) {
    const at = text.indexOf(part, from)
    if (at < 0 || at + part.length > end) return false
    from = at + part.length
  }
  return true
}
