import { crc32 } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import type { ByteSource } from './byte-source.ts'
import { headOf, isSameContent } from './fingerprint.ts'

/** Bytes in memory; `onRead` is called before each read ends. */
function sourceOf(text: string, onRead: () => void = () => undefined): ByteSource {
  const bytes = Buffer.from(text)
  return {
    read(buffer, position) {
      onRead()
      return Promise.resolve(bytes.copy(buffer, 0, position))
    },
    stat: () => null,
    close: () => Promise.resolve(),
  }
}

const guardOf = (text: string) => ({ offset: text.length, guard: crc32(text), guardBytes: text.length })

describe('a file is the same', () => {
  it('when it begins as it did and has the same bytes before the position, whatever follows', async () => {
    const known = { ...(await headOf(sourceOf('one\n'))), ...guardOf('one\n') }
    expect(await isSameContent(sourceOf('one\n'), known)).toBe(true)
    expect(await isSameContent(sourceOf('one\ntwo\n'), known)).toBe(true)
    expect(await isSameContent(sourceOf('one'), known)).toBe(false)
    expect(await isSameContent(sourceOf('two\n'), known)).toBe(false)
  })

  it('by the position as it was when it was asked for, though lines are acknowledged meanwhile', async () => {
    const head = await headOf(sourceOf('one\n'))
    const known = { ...head, ...guardOf('one\n') }
    const grown = { ...(await headOf(sourceOf('one\ntwo\n'))), ...guardOf('one\ntwo\n') }
    const acknowledge = (): void => void Object.assign(known, grown)
    expect(await isSameContent(sourceOf('one\n', acknowledge), known)).toBe(true)
    expect(known).toEqual(grown)
  })
})
