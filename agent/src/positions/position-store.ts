import { join } from 'node:path'
import { commit, openDurable } from '@skein/lmdb/durable'
import { z } from 'zod'

/** How far a file was delivered, and how it is known again. Times are ms of the file system. */
const positionSchema = z.object({
  /** 16 hex digits, drawn when the file was first seen; part of every `log.record.uid`. */
  identity: z.string().regex(/^[0-9a-f]{16}$/),
  device: z.number(),
  inode: z.number(),
  /** Digest of the first `headBytes` (at most 1 KiB). */
  head: z.string(),
  headBytes: z.number().int().nonnegative(),
  /** Everything before it was acknowledged. */
  offset: z.number().int().nonnegative(),
  /** Checksum of the `guardBytes` before `offset`. */
  guard: z.number().int().nonnegative(),
  guardBytes: z.number().int().nonnegative(),
  path: z.string(),
  mtimeMs: z.number(),
  /** It was read to its end after its name had gone. */
  done: z.boolean(),
})
export type Position = z.infer<typeof positionSchema>

/** What the agent must not forget. One process owns it. */
export interface PositionStore {
  /** What cannot be read is left out. */
  positions(): Position[]
  /** Globs whose files were looked at before: what appears under them later is new. */
  hasGlob(glob: string): boolean
  journalCursor(): string | null
  /** One durable transaction; rejects when the disk takes it not, then nothing of it is kept. */
  write(change: Change): Promise<void>
  close(): Promise<void>
}

export interface Change {
  positions?: readonly Position[]
  /** Identities that are forgotten. */
  forget?: readonly string[]
  globs?: readonly string[]
  journalCursor?: string
}

type Key = [kind: 'file', identity: string] | [kind: 'glob', glob: string] | [kind: 'journal']

const MAP_BYTES = 256 * 1024 * 1024

export function openPositionStore(directory: string): PositionStore {
  const path = join(directory, 'positions.mdb')
  const env = openDurable<unknown, Key>({ path, noSubdir: true, encoding: 'json', maxDbs: 1, mapSize: MAP_BYTES })
  return {
    positions: () => [
      ...env.getRange({ start: ['file', ''], end: ['file', '￿'] }).flatMap(({ value }) => {
        const parsed = positionSchema.safeParse(value)
        return parsed.success ? [parsed.data] : []
      }),
    ],
    hasGlob: (glob) => env.doesExist(['glob', glob]),
    journalCursor() {
      const cursor = env.get(['journal'])
      return typeof cursor === 'string' ? cursor : null
    },
    async write(change) {
      await commit(path, Buffer.byteLength(JSON.stringify(change)), () =>
        env.batch(() => {
          for (const position of change.positions ?? []) void env.put(['file', position.identity], position)
          for (const identity of change.forget ?? []) void env.remove(['file', identity])
          for (const glob of change.globs ?? []) void env.put(['glob', glob], true)
          if (change.journalCursor !== undefined) void env.put(['journal'], change.journalCursor)
        }),
      )
    },
    close: () => env.close(),
  }
}
