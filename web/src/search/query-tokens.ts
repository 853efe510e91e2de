export interface QueryToken {
  text: string
  kind: 'field' | 'operator' | 'text' | 'plain'
  /** Counted from 1, in characters. */
  column: number
}

const TOKEN =
  /("(?:[^"\\]|\\.)*"?|\/(?:[^/\\\s]|\\.)+\/)|((?<![^\s(])-|!=|>=|<=|[:=<>()])|([\w.@/-]+)(?=\s*(?:!=|>=|<=|[:=<>]))|(\bAND\b|\bOR\b|\bNOT\b)|(\s+|[^\s:=<>()"]+|.)/gis

/** The parts of a line in the language of search, for colours alone: every character is in exactly one, readable or not. */
export function queryTokens(text: string): QueryToken[] {
  return [...text.matchAll(TOKEN)].map(([whole, quoted, operator, field, word], index, all): QueryToken => {
    const kind = quoted !== undefined ? 'text' : field !== undefined ? 'field' : operator !== undefined || word !== undefined ? 'operator' : 'plain'
    return { text: whole, kind, column: (all[index]?.index ?? 0) + 1 }
  })
}
