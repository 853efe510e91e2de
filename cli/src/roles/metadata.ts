import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { MetadataStore } from '@skein/metadata/contract'
import { createFileMetadata } from '@skein/metadata/file/file-metadata'
import { createKeys, type Keys } from '@skein/metadata/keys'
import { createLmdbMetadata } from '@skein/metadata/lmdb/lmdb-metadata'
import type { Config } from '@skein/schemas/config'
import { parse, stringify } from 'yaml'
import { StartError } from '../start-error.ts'

/** Keys from the keys file when there is one (a cluster), else from the data directory. `writable` lets `skein keys` change the file. */
export function openKeys(config: Config, writable = false): { keys: Keys; metadata: MetadataStore } {
  const metadata = config.keysFile === undefined ? createLmdbMetadata({ dataDir: resolve(config.dataDir) }) : openKeysFile(config.keysFile, writable)
  return { metadata, keys: createKeys({ metadata, clock: () => Date.now(), randomBytes }) }
}

function openKeysFile(path: string, writable: boolean): MetadataStore {
  let file: MetadataStore
  try {
    if (writable && !existsSync(path)) writeFileSync(path, 'entries: {}\n', { mode: 0o600 })
    file = createFileMetadata({ path, pollMs: writable ? 0 : 1000 })
  } catch (error) {
    throw new StartError(`The keys file ${path} cannot be used (${(error as Error).message}): make it with skein keys create, or unset SKEIN_KEYS_FILE.`)
  }
  if (!writable) return file
  return {
    ...file,
    async transact(changes) {
      for (const { key, expect } of changes) if (((await file.get(key))?.revision ?? null) !== expect) return { ok: false, conflict: key }
      const { entries } = parse(readFileSync(path, 'utf8')) as { entries: Record<string, unknown> }
      for (const { key, value } of changes) {
        if (value === null) delete entries[key]
        else entries[key] = value
      }
      const { mode } = statSync(path)
      writeFileSync(`${path}.new`, stringify({ entries }), { mode })
      // Whatever the umask: roles in containers may read it as another user.
      chmodSync(`${path}.new`, mode)
      renameSync(`${path}.new`, path)
      return { ok: true, revision: 0 }
    },
  }
}
