import { writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { createRandom } from '../random-logs-for-tests.ts'
import { folderForTests } from '../folder-for-tests.ts'
import { createGzipSource } from './gzip-source.ts'

describe('what a gzip file holds', () => {
  const content = Buffer.from(Array.from({ length: 60_000 }, (_, n) => `line ${n} ${(n * 7919) % 10_007}\n`).join(''))
  const path = join(folderForTests(), 'a.gz')
  writeFileSync(path, gzipSync(content))

  it('is read at any place, forward and back', async () => {
    const source = createGzipSource(await open(path))
    const random = createRandom(7)
    for (let round = 0; round < 60; round++) {
      const position = Math.floor(random() * content.length * 1.1)
      const buffer = Buffer.alloc(Math.floor(random() * 200_000))
      const read = await source.read(buffer, position)
      expect(buffer.subarray(0, read).equals(content.subarray(position, position + buffer.length))).toBe(true)
    }
    await source.close()
  })

  it('can be closed in the midst, before and behind everything', async () => {
    for (const bytes of [0, 10, content.length]) {
      const source = createGzipSource(await open(path))
      if (bytes > 0) await source.read(Buffer.alloc(bytes), 0)
      await source.close()
    }
  })

  it('is not read when it is none, or cut', async () => {
    for (const broken of [Buffer.from('no gzip'), gzipSync(content).subarray(0, 5000)]) {
      writeFileSync(`${path}.broken`, broken)
      const source = createGzipSource(await open(`${path}.broken`))
      await expect(source.read(Buffer.alloc(content.length), 0)).rejects.toThrow()
      await source.close()
    }
  })
})
