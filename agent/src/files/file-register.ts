import type { AgentLogger } from '../agent-deps.ts'
import type { PositionKeeper } from '../positions/position-keeper.ts'
import type { Position } from '../positions/position-store.ts'
import type { Counters } from '../send/counters.ts'
import type { ByteSource } from './byte-source.ts'
import type { FileGroup } from './file-group.ts'
import { isSameContent } from './fingerprint.ts'
import { statSync } from 'node:fs'
import { basePathOf, keyOf } from './rotation.ts'
import { createChunkBuffer, createTailedFile, type TailedFile } from './tailed-file.ts'

/** The files that are followed, and the positions of those that are not now. */
export interface FileRegister {
  readonly size: number
  /** Another number whenever files, their names or their places have changed. */
  readonly revision: number
  files(): IterableIterator<TailedFile>
  byPath(path: string): TailedFile | undefined
  byKey(key: string): TailedFile | undefined
  keyOf(file: TailedFile): string
  add(file: { source: ByteSource; size: number; group: FileGroup; path: string; position: Position }): TailedFile
  /** The file is found under this path; its main one when it had none. */
  rename(file: TailedFile, path: string): void
  /** Its path and its place in the file system belong to another file from now on. */
  detach(file: TailedFile): void
  /** It is read from where its position says. */
  attach(file: TailedFile): void
  remove(file: TailedFile): Promise<void>
  /** The position of a file that was followed before and is the same still; it is not among the known ones any more. */
  recall(opened: { key: string; source: ByteSource }): Promise<Position | null>
  /** The same for a file that was empty when it was followed: its place and its name are all there is to know it by, and places are used again. */
  recallEmpty(opened: { key: string; path: string }): Position | null
  /** Positions of files that are not followed. */
  known(): Position[]
  /** Takes a known position out. */
  take(position: Position): void
  close(): Promise<void>
}

export interface FileRegisterOptions {
  known: readonly Position[]
  keeper: PositionKeeper
  counters: Counters
  logger: AgentLogger
  nowMs: () => number
  lineBytes: number
  replaced(file: TailedFile): void
}

interface Registered {
  readonly options: FileRegisterOptions
  readonly files: Set<TailedFile>
  readonly paths: Map<string, TailedFile>
  readonly keys: Map<string, TailedFile>
  readonly known: Map<string, Position>
  readonly troubles: WeakMap<TailedFile, string>
  readonly chunk: Buffer
  revision: number
}

export function createFileRegister(options: FileRegisterOptions): FileRegister {
  const registered: Registered = {
    options,
    files: new Set(),
    paths: new Map(),
    keys: new Map(),
    known: new Map(options.known.map((position) => [position.identity, position])),
    troubles: new WeakMap(),
    chunk: createChunkBuffer(),
    revision: 0,
  }
  const { files, paths, keys, known } = registered
  return {
    get size() {
      return files.size
    },
    get revision() {
      return registered.revision
    },
    files: () => files.values(),
    byPath: (path) => paths.get(path),
    byKey: (key) => keys.get(key),
    keyOf: keyOfFile,
    add: (file) => add(registered, file),
    rename: (file, path) => rename(registered, file, path),
    detach: (file) => release(registered, file),
    attach(file) {
      registered.revision++
      keys.set(keyOfFile(file), file)
    },
    async remove(file) {
      release(registered, file)
      files.delete(file)
      known.set(file.identity, file.position)
      await file.close()
    },
    async recall(opened) {
      const position = await recall(known, opened)
      if (position !== null) known.delete(position.identity)
      return position
    },
    recallEmpty({ key, path }) {
      const position = atKey(known, key).find(({ headBytes, path: before }) => headBytes === 0 && basePathOf(before) === basePathOf(path)) ?? null
      if (position !== null) known.delete(position.identity)
      return position
    },
    known: () => [...known.values()],
    take: (position) => void known.delete(position.identity),
    async close() {
      for (const file of files) await file.close()
      files.clear()
    },
  }
}

function add(registered: Registered, { source, size, group, path, position }: Parameters<FileRegister['add']>[0]): TailedFile {
  const { options, files, paths, keys, chunk } = registered
  const { counters, lineBytes, nowMs, keeper } = options
  const file = createTailedFile({
    source,
    position,
    size,
    head: group.headOf(path, position.identity),
    format: group.formatOf(path, () => void counters.blankLines++),
    multilineMs: group.waitMsOf(path),
    lineBytes,
    nowMs,
    keeper,
    counters,
    chunk,
    replaced: options.replaced,
    failed: (failing, error) => failed(registered, failing, error),
  })
  registered.revision++
  files.add(file)
  paths.set(path, file)
  keys.set(keyOfFile(file), file)
  return file
}

/** Inodes are used again: of several files that had this one, the one of which most is the same. */
async function recall(known: ReadonlyMap<string, Position>, { key, source }: { key: string; source: ByteSource }): Promise<Position | null> {
  const before = atKey(known, key).filter(({ headBytes }) => headBytes > 0)
  before.sort((a, b) => b.offset - a.offset || b.headBytes - a.headBytes)
  for (const position of before) if (await isSameContent(source, position).catch(() => false)) return position
  return null
}

function atKey(known: ReadonlyMap<string, Position>, key: string): Position[] {
  return [...known.values()].filter(({ device, inode }) => `${device}:${inode}` === key)
}

function failed({ options, troubles }: Registered, file: TailedFile, error: unknown): void {
  const why = error instanceof Error ? error.message : String(error)
  if (troubles.get(file) !== why) options.logger.error({ event: 'file_unreadable', path: file.path, why }, 'A file cannot be read further')
  troubles.set(file, why)
  // What a compressed file does not give now it never will.
  if (file.stat() !== null || file.abandoned) return
  file.abandoned = true
  options.counters.lostFiles++
}

function release(registered: Registered, file: TailedFile): void {
  const { paths, keys } = registered
  registered.revision++
  if (paths.get(file.path) === file) paths.delete(file.path)
  const key = keyOfFile(file)
  if (keys.get(key) === file) keys.delete(key)
}

function rename(registered: Registered, file: TailedFile, path: string): void {
  const { options, paths } = registered
  if (file.path !== path) {
    const main = statSync(file.path, { throwIfNoEntry: false })
    // Two names for one file: one of them is enough.
    if (file.lostNameMs === null && main !== undefined && keyOf(main) === keyOfFile(file)) return
    if (paths.get(file.path) === file) paths.delete(file.path)
    options.logger.info({ event: 'file_renamed', from: file.path, to: path, identity: file.identity }, 'A file has another name')
    file.path = path
  }
  registered.revision++
  paths.set(path, file)
  file.lostNameMs = null
  file.finishing = false
}

function keyOfFile({ position }: TailedFile): string {
  return `${position.device}:${position.inode}`
}
