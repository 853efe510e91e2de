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
  const outside = tokensOutside(tokens)
  if (outside.includes('|')) return ''
  let longest = ''
  let run = ''
  for (const [at, token] of outside.entries()) {
    const next = outside[at + 1] ?? ''
    const plain = plainOf(token)
    run = plain === null || MAYBE.test(next) ? '' : run + plain
    if (run.length > longest.length) longest = run
    if (next === '+') run = ''
  }
  return longest
}

/** What is in no group; a group is its opening bracket. */
function tokensOutside(tokens: readonly string[]): string[] {
  let depth = 0
  return tokens.filter((token) => {
    if (token === ')') depth--
    const outside = depth === 0
    if (token === '(') depth++
    return outside
  })
}

/** Without regard to case, or with escapes that are more than they look like: \Q…, \x41, \pN. */
function isDoubtful(source: string, tokens: readonly string[]): boolean {
  return /\(\?[a-zA-Z]*i/.test(source) || tokens.some((token) => /^\\[\p{L}\p{N}]$/u.test(token) && !CLASS_ESCAPE.test(token))
}

function plainOf(token: string): string | null {
  if (PLAIN_ESCAPE.test(token)) return token.slice(1)
  return token.startsWith('\\') || SPECIAL.test(token) || token === ')' ? null : token
}
