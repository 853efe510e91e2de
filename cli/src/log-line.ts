const FIRST = new Set(['time', 'level', 'room', 'event', 'msg'])

/** A JSON log line as a person reads it in a terminal; a line that is not JSON stays as it is. */
export function readableLine(line: string): string {
  let fields: Record<string, unknown>
  try {
    fields = JSON.parse(line) as Record<string, unknown>
  } catch {
    return line
  }
  if (typeof fields !== 'object' || fields === null) return line
  const text = (key: string): string => (typeof fields[key] === 'string' ? fields[key] : '')
  const rest = Object.entries(fields)
    .filter(([key]) => !FIRST.has(key))
    .map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
  return [text('time').slice(11, 19), text('level').padEnd(5), text('room').padEnd(9), text('msg') || text('event'), ...rest].join(' ').trimEnd()
}

/** Splits a stream's chunks into lines; the last piece without an end is given by `flush`. */
export function createLineSplitter(each: (line: string) => void): { push(chunk: string): void; flush(): void } {
  let pending = ''
  return {
    push(chunk) {
      const lines = (pending + chunk).split('\n')
      pending = lines.pop() ?? ''
      for (const line of lines) each(line)
    },
    flush() {
      if (pending !== '') each(pending)
      pending = ''
    },
  }
}
