/** A plain text as an expression that finds it. */
export function quoteRegex(plain: string): string {
  return plain.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
}

/** An expression for all of a value; `*` is any run of characters. */
export function wholePattern(pattern: string): string {
  return `(?s)^${pattern.split('*').map(quoteRegex).join('.*')}$`
}
