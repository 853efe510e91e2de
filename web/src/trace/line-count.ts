import type { LogsAnswer } from '@skein/schemas/api/logs'

/** How many lines there are as far as a first page tells: `12`, or `200+` where more pages follow. */
export function lineCountText({ lines, cursor }: Pick<LogsAnswer, 'lines' | 'cursor'>, integer: (count: number) => string): string {
  return cursor === null ? integer(lines.length) : `${integer(lines.length)}+`
}
