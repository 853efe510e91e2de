import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { commit, openDurable } from './durable.ts'

const folder = mkdtempSync(join(tmpdir(), 'skein-lmdb-'))
const path = join(folder, 'a.mdb')
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('what a commit resolved for is there when the file is opened again', async () => {
  const env = openDurable<string, string>({ path, noSubdir: true, encoding: 'json' })
  await commit(path, 3, () => env.put('key', 'one'))
  await env.close()
  const again = openDurable<string, string>({ path, noSubdir: true, encoding: 'json' })
  expect(again.get('key')).toBe('one')
  await again.close()
})

test('a commit that the disk has no room for is never begun', async () => {
  let begun = 0
  const refused = commit(path, Number.MAX_SAFE_INTEGER, () => Promise.resolve(begun++))
  await expect(refused).rejects.toMatchObject({
    code: 'ENOSPC',
    message: expect.stringMatching(/^ENOSPC: \d+ bytes are free under .*, a commit of \d+ needs more$/),
  })
  expect(begun).toBe(0)
})

test('the cause that lmdb tells by a second promise is what it rejects with', async () => {
  const cause = new Error('the cause')
  const failed = (): Error => Object.assign(new Error('Commit failed'), { commitError: new Promise((_, reject) => setImmediate(() => reject(cause))) })
  await expect(commit(path, 0, () => Promise.reject(failed()))).rejects.toBe(cause)
  await expect(commit(path, 0, () => Promise.reject(cause))).rejects.toBe(cause)
})
