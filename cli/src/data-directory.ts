import { access, constants, mkdir, stat, statfs } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import type { Config } from '@skein/schemas/config'
import { StartError } from './start-error.ts'

/** statfs types on which an fsync does not mean what Skein promises. */
const UNSAFE_FILE_SYSTEMS: ReadonlyMap<number, string> = new Map([
  [0x01021994, 'tmpfs (memory)'],
  [0x858458f6, 'ramfs (memory)'],
  [0x6969, 'NFS (network)'],
  [0xff534d42, 'CIFS (network)'],
  [0xfe534d42, 'SMB (network)'],
])

/** What the data directory's file system is, when it cannot keep Skein's promise; else null. */
export async function unsafeFileSystem(directory: string): Promise<string | null> {
  const { type } = await statfs(directory)
  return UNSAFE_FILE_SYSTEMS.get(type) ?? null
}

/** Makes the data directory, readable by its owner alone, and refuses one that cannot keep what it is given. */
export async function prepareDataDirectory(config: Config): Promise<string> {
  const directory = resolve(config.dataDir)
  try {
    await makeDirectory(directory)
    await access(directory, constants.W_OK)
  } catch (error) {
    throw new StartError(
      `The data directory ${directory} cannot be used (${(error as Error).message}): give this user the right to write it, or set SKEIN_DATA_DIR.`,
    )
  }
  const unsafe = await unsafeFileSystem(directory)
  if (unsafe !== null && !config.allowUnsafeDataDir)
    throw new StartError(
      `The data directory ${directory} is on ${unsafe}, where acknowledged data can be lost: set SKEIN_DATA_DIR to a local disk, or SKEIN_ALLOW_UNSAFE_DATA_DIR=true to accept that.`,
    )
  return directory
}

/** One directory after the other: Node's `recursive` never ends where none can be made and none is forbidden, as in /proc. */
async function makeDirectory(directory: string): Promise<void> {
  if (await isDirectory(directory)) return
  const above = dirname(directory)
  if (above !== directory) await makeDirectory(above)
  await mkdir(directory, { mode: 0o700 }).catch(async (error: unknown) => {
    if (!(await isDirectory(directory))) throw error
  })
}

async function isDirectory(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isDirectory() ?? false
}
