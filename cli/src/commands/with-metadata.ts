import { readFile } from 'node:fs/promises'
import type { MetadataStore } from '@skein/metadata/contract'
import type { Config } from '@skein/schemas/config'
import { parse } from 'yaml'
import { prepareDataDirectory } from '../data-directory.ts'
import { openKeys } from '../roles/metadata.ts'
import { StartError } from '../start-error.ts'

/** Opens what the data directory, or the file of a cluster, knows, to be read and written. */
export async function withMetadata(config: Config, use: (metadata: MetadataStore) => Promise<void>): Promise<void> {
  if (config.keysFile === undefined) await prepareDataDirectory(config)
  const { metadata } = openKeys(config, true)
  try {
    await use(metadata)
  } finally {
    await metadata.close()
  }
}

/** Of a file, JSON or YAML. */
export async function contentOf(path: string): Promise<unknown> {
  try {
    return parse(await readFile(path, 'utf8')) as unknown
  } catch (error) {
    throw new StartError(`${path} cannot be read: ${(error as Error).message}`)
  }
}
