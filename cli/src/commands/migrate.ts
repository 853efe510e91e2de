import type { Config } from '@skein/schemas/config'
import { holdEmbeddedStore, openStore } from '../roles/backends.ts'
import { skeinVersion } from '../version.ts'

/** Creates the schema or brings it to this version, then leaves. Throws `LogLockedError` while an engine has the embedded store. */
export async function migrate(config: Config): Promise<void> {
  const release = await holdEmbeddedStore(config)
  try {
    const store = await openStore(config, true)
    await store.probe()
    await store.close()
  } finally {
    release()
  }
  process.stdout.write(`The store is at the version of skein ${skeinVersion()}.\n`)
}
