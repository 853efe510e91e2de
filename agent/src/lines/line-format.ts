import type { Line } from '../otlp/log-writer.ts'

/** A run of a file's bytes that begins where a line begins. */
export interface Chunk {
  readonly bytes: Buffer
  /** Where in the file it begins. */
  readonly offset: number
  /** Nothing more is to be waited for: the last event is whole. */
  readonly flush: boolean
  /** Room that the request still has. */
  readonly roomBytes: number
  /** Nothing more will ever come: a last line without an end is whole too. */
  readonly finish: boolean
}

/** Takes one record, which it may not keep; false when there is no room for it now. */
export type Emit = (line: Line) => boolean

export interface LineFormat {
  /**
   * Emits the whole records of a chunk in order of their offsets and returns how many of its bytes are dealt with; what is left is given again,
   * with more after it. Keeps nothing from one chunk to the next, so that a restart at what it returned gives the same records.
   */
  parse(chunk: Chunk, emit: Emit): number
}

export interface LineLimits {
  /** Longer bodies are cut at the end of a character. */
  readonly lineBytes: number
  /** Blank lines carry nothing and are left out; each is told here. */
  blank(): void
}

const NEWLINE = 0x0a

/** Where the whole lines of a chunk end. */
export function linesEnd({ bytes, finish }: Chunk): number {
  return finish ? bytes.length : bytes.lastIndexOf(NEWLINE) + 1
}

/** Visits the lines of the bytes before `end`, with where each begins, ends, and the next begins; stops when a visit says false. */
export function eachLine(bytes: Buffer, end: number, visit: (start: number, lineEnd: number, next: number) => boolean): void {
  for (let at = 0; at < end; ) {
    const newline = bytes.indexOf(NEWLINE, at)
    const lineEnd = newline === -1 ? end : newline
    const next = newline === -1 ? end : newline + 1
    if (!visit(at, lineEnd, next)) return
    at = next
  }
}
