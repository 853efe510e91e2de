/** Escapes, classes, brackets, alternatives, repeats, and everything else by the character. */
const TOKEN = /\\[\s\S]|\[\^?\]?(?:\\[\s\S]|\[:\^?[a-z]+:\]|[^\]\\])*\]|\{[^}]*\}|[\s\S]/gu
/** Of one character, and of nothing else. */
const CLASS_ESCAPE = /^\\[dDwWsSbBAzntrfv]$/
const PLAIN_ESCAPE = /^\\[^\p{L}\p{N}]$/u
const MAYBE = /^[*?{]/
const SPECIAL = /^[.^$*+?()[{]/

/** The longest run of plain characters outside of groups and classes that every match must hold; '' when in doubt. */
export function literalOf(source: string): string {
  const tokens = source.match(TOKEN) ?? []
  if (isDoubtful(source, tokens)) return ''
  let depth = 0
  let longest = ''
  let run = ''
  for (const [at, token] of tokens.entries()) {
    depth += token === '(' ? 1 : token === ')' ? -1 : 0
    if (token === '|' && depth === 0) return ''
    const plain = depth === 0 ? plainOf(token) : null
    run = plain === null || MAYBE.test(tokens[at + 1] ?? '') ? '' : run + plain
    if (run.length > longest.length) longest = run
    if (tokens[at + 1] === '+') run = ''
  }
  return longest
}

/** Without regard to case, or with escapes that are more than they look like: \Q…, \x41, \pN. */
function isDoubtful(source: string, tokens: readonly string[]): boolean {
  return /\(\?[a-zA-Z]*i/.test(source) || tokens.some((token) => /^\\[\p{L}\p{N}]$/u.test(token) && !CLASS_ESCAPE.test(token))
}

function plainOf(token: string): string | null {
  if (PLAIN_ESCAPE.test(token)) return token.slice(1)
  return token.startsWith('\\') || SPECIAL.test(token) || token === ')' ? null : token
}
