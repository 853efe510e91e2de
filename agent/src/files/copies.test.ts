import { crc32 } from 'node:zlib'
import { expect, it } from 'vitest'
import type { Position } from '../positions/position-store.ts'
import type { ByteSource } from './byte-source.ts'
import { standingOf } from './copies.ts'
import { headOf } from './fingerprint.ts'

function sourceOf(text: string): ByteSource {
  const bytes = Buffer.from(text)
  return {
    read: (buffer, position) => Promise.resolve(bytes.copy(buffer, 0, position)),
    stat: () => ({ size: bytes.length, mtimeMs: 0, links: 1 }),
    close: () => Promise.resolve(),
  }
}

async function finished(text: string): Promise<Position> {
  const head = await headOf(sourceOf(text))
  const guard = { offset: text.length, guard: crc32(text), guardBytes: text.length }
  return { ...head, ...guard, identity: text.length.toString(16).padStart(16, '0'), device: 1, inode: 1, path: '/l/app.log.2', mtimeMs: 0, done: true }
}

it('of several finished files that it begins like, a file is a copy of the one it ends with, else goes on where the longest ended', async () => {
  const known = await Promise.all(['header\n', 'header\none\n', 'header\none\ntwo\n'].map(finished))
  for (const positions of [known, known.toReversed()]) {
    const of = (text: string) =>
      standingOf({ files: () => [][Symbol.iterator](), known: () => [...positions] }, { path: '/l/app.log.1', source: sourceOf(text) })
    for (const text of ['header\n', 'header\none\n', 'header\none\ntwo\n']) expect(await of(text)).toBe('copy')
    expect(await of('header\none\nten\n')).toBe(known[1])
    expect(await of('header\none\ntwo\nsix\n')).toBe(known[2])
    expect(await of('other\n')).toBe('new')
  }
})
