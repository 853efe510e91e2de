/** A plain text as an expression that finds it. */
export function quoteRegex(plain: string): string {
  return plain.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
}

/** An expression of a person as the store runs it: there a dot would be a line end as well. */
export function askedRegex(source: string): string {
  return `(?-s)${source}`
}

/** An expression for all of a value; `*` is any run of characters. */
export function wholePattern(pattern: string): string {
  return `(?s)^${pattern.split('*').map(quoteRegex).join('.*')}$`
}
