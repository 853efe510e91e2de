import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'

/** Plain JavaScript, because it runs before anything is installed. */
interface StampedBuild {
  isBuilt(folder: string, digest: () => string): boolean
  buildStamped(folder: string, digest: () => string, build: () => Promise<void>): Promise<void>
}

const BIN = pathToFileURL(join(import.meta.dirname, '..', 'bin', 'stamped-build.mjs')).href
const { isBuilt, buildStamped } = (await import(BIN)) as StampedBuild
let folder: string

beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'skein-stamp-')), 'out')
})
afterEach(() => rmSync(join(folder, '..'), { recursive: true, force: true }))

it('what was built from these sources is not built again, and what was not is', async () => {
  expect(isBuilt(folder, () => 'a')).toBe(false)
  await buildStamped(
    folder,
    () => 'a',
    async () => undefined,
  )
  expect(isBuilt(folder, () => 'a')).toBe(true)
  expect(isBuilt(folder, () => 'b')).toBe(false)
})

it('an edit during a build leads to another build', async () => {
  let sources = 'before'
  await buildStamped(
    folder,
    () => sources,
    async () => void (sources = 'after'),
  )
  expect(isBuilt(folder, () => sources)).toBe(false)
})

it('a build that fails leaves no stamp, also not that of the build before', async () => {
  await buildStamped(
    folder,
    () => 'a',
    async () => undefined,
  )
  const fails = async (): Promise<void> => {
    throw new Error('no memory')
  }
  await expect(buildStamped(folder, () => 'a', fails)).rejects.toThrow('no memory')
  expect(isBuilt(folder, () => 'a')).toBe(false)
})
