import { createHash } from 'node:crypto'
import { z } from 'zod'
import { invalidParameter } from './problem-error.ts'
import { LATEST_MS, type Window } from './window.ts'

const time = z.number().int().min(0).max(LATEST_MS)
const cursorBody = z.tuple([z.literal(1), z.string(), time, time, z.string().max(512)])
const MAX_CURSOR_CHARS = 1024

/** Names a question: the same for every page of it, another for another. */
export function questionHash(parameters: Readonly<Record<string, unknown>>): string {
  const named = Object.entries(parameters)
    .filter(([name, value]) => name !== 'cursor' && name !== 'limit' && value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
  return createHash('sha256').update(JSON.stringify(named)).digest('base64url').slice(0, 16)
}

/** Opaque; holds the window too, so that later pages of `now-1h` are of the hour the first page was of. */
export function encodeCursor(question: string, window: Window, after: string): string {
  return Buffer.from(JSON.stringify([1, question, window.startMs, window.endMs, after])).toString('base64url')
}

/** Throws a `ProblemError` for anything that this server did not make for this question. */
export function decodeCursor(cursor: string, question: string): { window: Window; after: string } {
  const read = cursorBody.safeParse(cursor.length > MAX_CURSOR_CHARS ? null : parseJson(Buffer.from(cursor, 'base64url').toString('utf8')))
  if (!read.success) throw invalidParameter('cursor', 'is not a cursor of this server', 'Use the cursor of the page before, unchanged.')
  const [, hash, startMs, endMs, after] = read.data
  if (hash !== question) throw invalidParameter('cursor', 'belongs to another question', 'Keep all other parameters as they were, or leave the cursor out.')
  return { window: { startMs, endMs }, after }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
