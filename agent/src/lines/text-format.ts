import { createLine, isText, setBody } from './body.ts'
import type { Line } from '../otlp/log-writer.ts'
import { type Chunk, eachLine, type LineFormat, type LineLimits, linesEnd } from './line-format.ts'
import type { StartsEvent } from './multiline.ts'

const NEWLINE = 0x0a
const CARRIAGE_RETURN = 0x0d

/** Every line is a record. */
export function createTextFormat({ lineBytes, blank }: LineLimits): LineFormat {
  const line = createLine()
  return {
    parse(chunk, emit) {
      const { bytes, offset } = chunk
      const end = linesEnd(chunk)
      const valid = isText(bytes, 0, end)
      let at = 0
      while (at < end) {
        const newline = bytes.indexOf(NEWLINE, at)
        const lineEnd = newline === -1 ? end : newline
        setBody(line, { bytes, start: at, end: lineEnd, valid }, lineBytes)
        line.offset = offset + at
        if (line.start === line.end) blank()
        else if (!emit(line)) return at
        at = newline === -1 ? end : newline + 1
      }
      return at
    },
  }
}

/**
 * A line that `starts` says begins an event, and those after it that do not, are one record. An event that would get longer than a line may be ends
 * before the line that makes it so.
 */
export function createEventFormat(starts: StartsEvent, limits: LineLimits): LineFormat {
  const line = createLine()
  return {
    parse(chunk, emit) {
      const { bytes } = chunk
      const end = linesEnd(chunk)
      const valid = isText(bytes, 0, end)
      let eventStart = 0
      const send = (eventEnd: number): boolean => {
        const sent = !setEvent(line, chunk, { start: eventStart, end: eventEnd, valid }, limits) || emit(line)
        if (sent) eventStart = eventEnd
        return sent
      }
      let room = true
      eachLine(bytes, end, (start, lineEnd) => {
        if (start > eventStart && (lineEnd - eventStart > limits.lineBytes || starts(bytes, start, lineEnd))) room = send(start)
        return room
      })
      if (room && eventStart < end && (chunk.flush || chunk.finish)) send(end)
      return eventStart
    },
  }
}

/** False when there is nothing in it: blank lines at the end of an event belong to nobody. */
function setEvent(line: Line, { bytes, offset }: Chunk, event: { start: number; end: number; valid: boolean }, { lineBytes, blank }: LineLimits): boolean {
  const { start, valid } = event
  let { end } = event
  while (end > start && (bytes[end - 1] === NEWLINE || bytes[end - 1] === CARRIAGE_RETURN)) end--
  if (end === start) {
    blank()
    return false
  }
  setBody(line, { bytes, start, end, valid }, lineBytes)
  line.offset = offset + start
  return true
}
