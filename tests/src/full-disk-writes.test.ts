import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { openBufferFile } from '@skein/agent/buffer/disk-buffer'
import { openPositionStore } from '@skein/agent/positions/position-store'
import { openCommits } from '@skein/eventlog/embedded/commits'
import { createLmdbMetadata } from '@skein/metadata/lmdb/lmdb-metadata'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { canMount, fill, mountSmallDisk, unmount } from './harness/small-disk.ts'

interface Small {
  write(round: number, at: number): Promise<unknown> | undefined
  close(): Promise<void> | undefined
}

const LONG = 'x'.repeat(700)

const files: Record<string, (directory: string) => Small> = {
  'commits of the log': (directory) => {
    const commits = openCommits(directory, false)
    const list = (next: number) => Array.from({ length: 8 }, (_, partition) => ({ topic: 't', partition, next, note: LONG }))
    return { write: (round, at) => commits?.write(`group-${at}`, list(round)), close: () => commits?.close() }
  },
  metadata: (dataDir) => {
    const metadata = createLmdbMetadata({ dataDir })
    return { write: (round, at) => metadata.transact([{ key: `${round}/${at}`, value: LONG.repeat(10), expect: null }]), close: () => metadata.close() }
  },
  'buffered requests of the agent': (directory) => {
    const buffer = openBufferFile(join(directory, 'buffer.mdb'))
    const body = Buffer.alloc(7000)
    return { write: (round, at) => buffer.change({ remove: [], put: { key: [round * 10 + at, 'logs', body.length, 1], body } }), close: () => buffer.close() }
  },
  'positions of the agent': (directory) => {
    const positions = openPositionStore(directory)
    const globs = (round: number, at: number) => Array.from({ length: 8 }, (_, i) => `${round}/${at}/${i}/${LONG}`)
    return { write: (round, at) => positions.write({ globs: globs(round, at) }), close: () => positions.close() }
  },
}

describe.skipIf(!canMount())('on a disk that is full', () => {
  let disk = ''
  /** A promise that lmdb rejects and nobody has ends a process. */
  const unhandled: unknown[] = []
  const note = (error: unknown): void => void unhandled.push(error)
  beforeEach(() => {
    disk = mountSmallDisk(8)
    unhandled.length = 0
    process.on('unhandledRejection', note)
    // lmdb prints each failure.
    vi.spyOn(console, 'error').mockReturnValue()
  })
  afterEach(() => {
    unmount(disk)
    process.off('unhandledRejection', note)
    vi.restoreAllMocks()
  })

  test.each(Object.entries(files))('%s reject every write to whoever asked, and are written again once there is room', async (_, openIn) => {
    const file = openIn(disk)
    await file.write(0, 0)
    const ballast = join(disk, 'ballast')
    fill(ballast)
    for (let round = 1; round < 5; round++) {
      const outcomes = await Promise.allSettled(Array.from({ length: 5 }, async (_, at) => file.write(round, at)))
      // Before lmdb sees it, which says "No space left on device".
      for (const outcome of outcomes)
        expect(outcome).toEqual({
          status: 'rejected',
          reason: expect.objectContaining({ code: 'ENOSPC', message: expect.stringMatching(/bytes are free under/) }),
        })
    }
    rmSync(ballast)
    await file.write(5, 1)
    await file.close()
    expect(unhandled).toEqual([])
  })
})
