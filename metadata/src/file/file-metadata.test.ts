import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { stringify } from 'yaml'
import { metadataConformance } from '../conformance.ts'
import type { Json } from '../contract.ts'
import { createFileMetadata } from './file-metadata.ts'

metadataConformance({
  name: 'a YAML file',
  writable: false,
  async open(entries) {
    const dir = mkdtempSync(join(tmpdir(), 'skein-metadata-'))
    const path = join(dir, 'metadata.yaml')
    const content: Record<string, Json> = { ...entries }
    writeFileSync(path, stringify({ entries: content }))
    return {
      store: createFileMetadata({ path, pollMs: 10 }),
      other: createFileMetadata({ path, pollMs: 10 }),
      async change(key, value) {
        if (value === null) delete content[key]
        else content[key] = value
        writeFileSync(`${path}.new`, stringify({ entries: content }))
        renameSync(`${path}.new`, path)
      },
      dispose: async () => rmSync(dir, { recursive: true, force: true }),
    }
  },
})

it('a broken new file leaves the last good content in force', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'skein-metadata-'))
  const path = join(dir, 'metadata.yaml')
  writeFileSync(path, 'entries: {a: 1}')
  const store = createFileMetadata({ path, pollMs: 1 })
  writeFileSync(path, 'entries: [broken')
  await sleep(5)
  expect((await store.get('a'))?.value).toBe(1)
  rmSync(dir, { recursive: true })
})

it('a file that was never good is an error at once', () => {
  const dir = mkdtempSync(join(tmpdir(), 'skein-metadata-'))
  writeFileSync(join(dir, 'x.yaml'), 'nothing: here')
  expect(() => createFileMetadata({ path: join(dir, 'x.yaml') })).toThrow(/entries/)
  rmSync(dir, { recursive: true })
})
