/** True when every word of the filter is somewhere in one of the texts, whatever the case. */
export function matchesAll(filter: string, texts: readonly string[]): boolean {
  const lower = texts.map((text) => text.toLowerCase())
  return filter
    .toLowerCase()
    .split(/\s+/)
    .every((word) => lower.some((text) => text.includes(word)))
}
