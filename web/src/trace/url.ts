import { parseAsBoolean, parseAsString } from 'nuqs'

/** What the trace page keeps in the address: the trace, the span whose details are open, the text sought, the window of time on screen, whether only the critical path is shown. */
export const traceParsers = {
  id: parseAsString.withDefault(''),
  span: parseAsString.withDefault(''),
  q: parseAsString.withDefault(''),
  zoom: parseAsString.withDefault(''),
  critical: parseAsBoolean.withDefault(false),
  around: parseAsString.withDefault(''),
}

/** The trace id in a pasted text: 32 hex digits, perhaps with dashes, spaces or as the second part of a traceparent. Null when there is none. */
export function traceIdOf(text: string): string | null {
  const bare = text.trim().toLowerCase()
  const parent = /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/.exec(bare)
  const id = parent?.[1] ?? bare.replaceAll('-', '')
  return /^[0-9a-f]{32}$/.test(id) && !/^0+$/.test(id) ? id : null
}
