import type { LogLine, LogsAnswer } from '@skein/schemas/api/logs'
import type { Resources } from './line-fields.ts'

/** All pages as one list. A line that is in two pages is shown once. */
export function joinedPages(pages: readonly LogsAnswer[]): { lines: readonly LogLine[]; resources: Resources } {
  const lines = new Map<string, LogLine>()
  for (const page of pages) for (const line of page.lines) lines.set(line.id, line)
  return { lines: [...lines.values()], resources: Object.assign({}, ...pages.map(({ resources }) => resources)) as Resources }
}

export const idsOfPages = (pages: readonly LogsAnswer[]): readonly string[] => joinedPages(pages).lines.map(({ id }) => id)

/** Whether a clock alone would not tell lines of different days apart. */
export function spansDays(lines: readonly LogLine[]): boolean {
  const first = lines[0]
  const last = lines.at(-1)
  return first !== undefined && last !== undefined && Math.abs(Date.parse(first.time) - Date.parse(last.time)) > 12 * 3_600_000
}
