import { dirname, join } from 'node:path'

export interface Application {
  name: string | null
  version: string | null
}

/** What of a file system is asked here; each gives null for what is not there. */
export interface Files {
  readText(path: string): string | null
  /** The path without symbolic links, and whether it is a folder. */
  resolve(path: string): { path: string; isFolder: boolean } | null
}

/**
 * Folder from which the application's package is looked for: where what was started lies (`node .`, `node dist/app.js`, a linked command), or where one
 * stands when that is only a tool the package there depends on (`node_modules/.bin/next`), or when nothing was named (`node -e`).
 */
export function applicationFolder(entry: string | undefined, workingFolder: string, { resolve }: Files): string {
  const found = entry === undefined ? null : resolve(entry)
  // As node does, `app` may mean `app.js`.
  const folder = found === null ? (entry === undefined ? workingFolder : dirname(entry)) : found.isFolder ? found.path : dirname(found.path)
  const tools = folder.indexOf('/node_modules/')
  const owner = tools < 0 ? null : `${folder.slice(0, tools)}/`
  return owner !== null && `${workingFolder}/`.startsWith(owner) ? workingFolder : folder
}

/** Name and version from the package.json nearest to a folder, upwards; nulls where none says them. A name keeps its scope's own part: `@tv/epg` is `epg`. */
export function nearestPackage(start: string, { readText }: Files): Application {
  for (let folder = start; ; folder = dirname(folder)) {
    const found = readPackage(readText(join(folder, 'package.json')))
    if (found !== null) return found
    if (folder === dirname(folder)) return { name: null, version: null }
  }
}

function readPackage(text: string | null): Application | null {
  if (text === null) return null
  try {
    const read: unknown = JSON.parse(text)
    if (typeof read !== 'object' || read === null) return null
    const { name, version } = read as Record<string, unknown>
    if (typeof name !== 'string' || name === '') return null
    return { name: name.replace(/^@[^/]*\//, ''), version: typeof version === 'string' && version !== '' ? version : null }
  } catch {
    return null
  }
}
