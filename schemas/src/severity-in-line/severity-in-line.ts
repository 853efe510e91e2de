import { jsonLevel } from './json-level.ts'
import { createTextLevel } from './text-level.ts'

/** Of a text so much is looked at, and of a JSON object. */
const TEXT_BYTES = 256
const JSON_BYTES = 4096
const OPEN = 0x7b
const SPACE = 0x20
const ESCAPE = 0x1b

/**
 * The severity number that a line says in words, 0 when it says none: the level of a JSON object or of `level=…`, else the first level of the line's head. It
 * is precise rather than greedy: a level stands where loggers put it, behind times, names and brackets, and never inside a sentence. `bytes[start, end)`: UTF-8.
 */
export type SeverityInLine = (bytes: Uint8Array, start: number, end: number) => number

/** Pure but for memory that it uses again. */
export function createSeverityInLine(): SeverityInLine {
  const textLevel = createTextLevel()
  return (bytes, start, end) => {
    let at = start
    while (at < end && bytes[at]! <= SPACE && bytes[at] !== ESCAPE) at++
    if (bytes[at] === OPEN && at < end) {
      const found = jsonLevel(bytes, at, Math.min(end, at + JSON_BYTES))
      if (found >= 0) return found
    }
    return textLevel(bytes, at, { end: Math.min(end, at + TEXT_BYTES), isWhole: end <= at + TEXT_BYTES })
  }
}
