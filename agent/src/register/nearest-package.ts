import { dirname, join } from 'node:path'

export interface Application {
  name: string | null
  version: string | null
}

/** Name and version from the package.json nearest to a file, upwards; nulls where none says them. A name keeps its scope's own part: `@tv/epg` is `epg`. */
export function nearestPackage(file: string, readText: (path: string) => string | null): Application {
  for (let folder = dirname(file); ; folder = dirname(folder)) {
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
