import type { FileHandle } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { createGunzip, type Gunzip } from 'node:zlib'
import type { ByteSource } from './byte-source.ts'

const PACKED_BYTES = 64 * 1024

/**
 * What a gzip file holds, read forward: a place before the last one asked for starts anew from the beginning. Keeps what lies behind the last place
 * asked for and was unpacked already, at most one read and one piece of the stream.
 */
export function createGzipSource(handle: FileHandle): ByteSource {
  let file: Readable | null = null
  let unpacked: Gunzip | null = null
  let pieces: AsyncIterator<Buffer> | null = null
  /** Unpacked bytes from `keptAt` on. */
  let kept: Buffer = Buffer.alloc(0)
  let keptAt = 0
  let ended = false

  function restart(): void {
    end()
    file = Readable.from(packedPieces(handle))
    unpacked = createGunzip()
    const gunzip = unpacked
    file.on('error', (error) => gunzip.destroy(error))
    file.pipe(gunzip)
    pieces = gunzip[Symbol.asyncIterator]() as AsyncIterator<Buffer>
    kept = Buffer.alloc(0)
    keptAt = 0
    ended = false
  }

  function end(): void {
    file?.destroy()
    unpacked?.destroy()
    pieces = null
  }

  async function nextPiece(): Promise<Buffer> {
    const next = await pieces?.next()
    ended = next === undefined || next.done === true
    return next === undefined || next.done === true ? Buffer.alloc(0) : next.value
  }

  return {
    async read(buffer, position) {
      if (pieces === null || position < keptAt) restart()
      const waiting: Buffer[] = [kept]
      const until = position + buffer.length
      for (let have = keptAt + kept.length; have < until && !ended; ) {
        const piece = await nextPiece()
        have += piece.length
        waiting.push(piece)
        // What lies before the place is not kept: a long way to it costs time, no memory.
        while (waiting.length > 1 && keptAt + lengthOf(waiting[0]) <= position) keptAt += lengthOf(waiting.shift())
      }
      const all = Buffer.concat(waiting)
      const skip = Math.min(all.length, Math.max(0, position - keptAt))
      kept = all.subarray(skip)
      keptAt += skip
      return kept.copy(buffer, 0, 0, Math.min(kept.length, buffer.length))
    },
    stat: () => null,
    async close() {
      end()
      await handle.close()
    },
  }
}

/** A stream of the file itself would close it at its own end. */
async function* packedPieces(handle: FileHandle): AsyncGenerator<Buffer> {
  for (let at = 0; ; ) {
    const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(PACKED_BYTES), 0, PACKED_BYTES, at)
    if (bytesRead === 0) return
    at += bytesRead
    yield buffer.subarray(0, bytesRead)
  }
}

function lengthOf(piece: Buffer | undefined): number {
  return piece?.length ?? 0
}
