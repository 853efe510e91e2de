import type { LogLine, TailLines } from '@skein/schemas/api/logs'
import type { Resources } from '../line-fields.ts'

export interface TailBuffer {
  /** The newest lines, oldest first. A new list whenever it changed. */
  lines: readonly LogLine[]
  resources: Resources
  /** Lines that came in since the start, also those that have left the buffer. */
  received: number
  /** Characters of the lines kept. */
  characters: number
}

export interface TailLimits {
  maxLines: number
  /** Of bodies and attributes together. */
  maxCharacters: number
}

export const EMPTY_TAIL: TailBuffer = { lines: [], resources: {}, received: 0, characters: 0 }
/** Resources are few, but a tail may run for days; those of lines that left go when there are more than this. */
const MAX_RESOURCES = 2000

/** The buffer with what came in. The oldest leave so that neither limit is passed; the newest line always stays. */
export function withLines(buffer: TailBuffer, batches: readonly TailLines[], limits: TailLimits): TailBuffer {
  const known = new Set(buffer.lines.slice(-limits.maxLines).map(({ id }) => id))
  const added = batches.flatMap(({ lines }) => lines).filter(({ id }) => !known.has(id) && known.add(id))
  const all = buffer.lines.concat(added)
  let characters = added.reduce((sum, line) => sum + sizeOf(line), buffer.characters)
  let from = Math.max(0, all.length - limits.maxLines)
  for (const line of all.slice(0, from)) characters -= sizeOf(line)
  for (; characters > limits.maxCharacters && from < all.length - 1; from++) characters -= sizeOf(all[from])
  const lines = from === 0 ? all : all.slice(from)
  const resources: Resources = Object.assign({}, buffer.resources, ...batches.map((batch) => batch.resources))
  return { lines, resources: inUse(resources, lines), received: buffer.received + added.length, characters }
}

function inUse(resources: Resources, lines: readonly LogLine[]): Resources {
  if (Object.keys(resources).length <= MAX_RESOURCES) return resources
  const used = new Set(lines.map(({ resource }) => resource))
  return Object.fromEntries(Object.entries(resources).filter(([key]) => used.has(key)))
}

function sizeOf(line: LogLine | undefined): number {
  if (line === undefined) return 0
  let size = line.body.length + 200
  for (const [key, value] of Object.entries(line.attributes)) size += key.length + (typeof value === 'string' ? value.length : 16)
  return size
}
