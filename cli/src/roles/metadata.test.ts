import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { configSchema } from '@skein/schemas/config'
import { afterAll, expect, it } from 'vitest'
import { openKeys } from './metadata.ts'

const folder = mkdtempSync(join(tmpdir(), 'skein-keys-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const keysOf = (keysFile: string) => openKeys(configSchema.parse({ keysFile }), true)

it.each([0o644, 0o640, 0o600])('who may read a keys file, %o, stays as it is when a key is made in it', async (mode) => {
  const path = join(folder, `${mode}.yaml`)
  writeFileSync(path, 'entries: {}\n')
  chmodSync(path, mode)
  const { keys, metadata } = keysOf(path)
  await keys.create({ type: 'sec', tenant: 'default', label: 'x' })
  await metadata.close()
  expect(statSync(path).mode & 0o777).toBe(mode)
})

it('a keys file that is made is for its owner alone', async () => {
  const path = join(folder, 'fresh.yaml')
  await keysOf(path).metadata.close()
  expect(statSync(path).mode & 0o777).toBe(0o600)
})
