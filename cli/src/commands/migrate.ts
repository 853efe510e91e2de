import type { Config } from '@skein/schemas/config'
import { openStore } from '../roles/backends.ts'
import { skeinVersion } from '../version.ts'

/** Creates the schema or brings it to this version, then leaves. */
export async function migrate(config: Config): Promise<void> {
  const store = await openStore(config, true)
  await store.probe()
  await store.close()
  process.stdout.write(`The store is at the version of skein ${skeinVersion()}.\n`)
}
