import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { loadConfig } from './config.ts'
import { prepareDataDirectory } from './data-directory.ts'
import { StartError } from './start-error.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'skein-data-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const prepare = async (directory: string): Promise<string> =>
  prepareDataDirectory(await loadConfig(undefined, { SKEIN_DATA_DIR: directory, SKEIN_ALLOW_UNSAFE_DATA_DIR: 'true' }))

it('makes the directory and those above it, for this user alone', async () => {
  const directory = join(folder, 'a b', '数据')
  expect(await prepare(directory)).toBe(directory)
  expect(statSync(directory).mode & 0o777).toBe(0o700)
  expect(await prepare(directory)).toBe(directory)
})

it.for([
  ['a file', (): string => join(folder, 'file')],
  ['below a file', (): string => join(folder, 'file', 'data')],
  ['where no directory can be made', (): string => '/proc/none/data'],
] as const)('%s is refused with a sentence, at once', async ([, pathOf]) => {
  writeFileSync(join(folder, 'file'), '')
  await expect(prepare(pathOf())).rejects.toThrow(StartError)
})
