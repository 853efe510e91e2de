import type { Position } from '../positions/position-store.ts'
import type { ByteSource } from './byte-source.ts'
import type { FileRegister } from './file-register.ts'
import { GUARD_BYTES, hasHead, HEAD_BYTES, headOf, isSameContent } from './fingerprint.ts'
import { areOfOneLog, basePathOf } from './rotation.ts'
import type { TailedFile } from './tailed-file.ts'

/** What a file that nobody follows is beside those of its log: a copy of one, one that was read to its end and holds more now, or new. */
export type Standing = 'copy' | 'new' | Position

/** Rejects when the file cannot be read. */
export async function standingOf(register: Pick<FileRegister, 'files' | 'known'>, { path, source }: { path: string; source: ByteSource }): Promise<Standing> {
  for (const file of [...register.files()].filter((other) => mayBeOf(path, other.path))) if (await isCopyOf(source, file)) return 'copy'
  let finished: Position | null = null
  for (const position of register.known().filter(({ headBytes, path: before }) => headBytes > 0 && mayBeOf(path, before))) {
    if (!(await isSameContent(source, position))) continue
    // Many logs begin alike: what was finished with a beginning alone is no reason to leave out what follows one.
    if (!position.done || !(await hasByte(source, position.offset))) return 'copy'
    if (finished === null || position.offset > finished.offset) finished = position
  }
  return finished ?? 'new'
}

/** Rotated names are given to one file after the other. */
function mayBeOf(path: string, other: string): boolean {
  return areOfOneLog(path, other) || (path === other && basePathOf(path) !== path)
}

/**
 * True for a copy, be it under way still. While the bytes of the original are there they decide, for new files may begin like old ones; once they
 * are not, what is known of them does.
 */
async function isCopyOf(source: ByteSource, original: TailedFile): Promise<boolean> {
  const known = { ...original.position }
  // The end of what is packed is not known, and what is being unpacked may not be looked at elsewhere: the head has to do.
  if (source.stat() === null || original.stat() === null) {
    const head = known.headBytes > 0 || original.stat() === null ? known : await headOf(original.source)
    return head.headBytes > 0 && hasHead(source, head)
  }
  if (await isBeginningOf(source, original.source)) return true
  return (await isSameContent(source, known)) && !(await isSameContent(original.source, known).catch(() => false))
}

/** As far as the file goes, its head and its last bytes are those of the other. */
async function isBeginningOf(source: ByteSource, other: ByteSource): Promise<boolean> {
  const size = source.stat()?.size ?? 0
  const head = await headOf(source, Math.min(size, HEAD_BYTES))
  if (head.headBytes === 0 || !(await hasHead(other, head).catch(() => false))) return false
  const from = Math.max(0, size - GUARD_BYTES)
  const [end, there] = [Buffer.alloc(size - from), Buffer.alloc(size - from)]
  const read = [await source.read(end, from), await other.read(there, from).catch(() => 0)]
  return read.every((bytes) => bytes === end.length) && end.equals(there)
}

async function hasByte(source: ByteSource, position: number): Promise<boolean> {
  return (await source.read(Buffer.alloc(1), position)) === 1
}
