import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { contentPolicyOf } from './content-policy.ts'

export interface ExportedFile {
  /** Relative to the directory, with slashes. */
  file: string
  /** Pages, and scripts: a worker obeys the policy its own script came with. */
  contentPolicy: string | null
  /** Its name changes whenever its content does. */
  immutable: boolean
}

/**
 * All files of a static export by the path they are asked for: `/map` is `map.html` or `map/index.html`. Only what is listed can be
 * served, so no path leads out of the directory. Null when nothing was exported.
 */
export async function readExport(directory: string): Promise<Map<string, ExportedFile> | null> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch(() => [])
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(directory, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'))
  if (!files.includes('index.html')) return null
  const exported = new Map<string, ExportedFile>()
  for (const file of files) {
    const contentPolicy = await policyOf(directory, file)
    const found = { file, contentPolicy, immutable: file.startsWith('_next/static/') }
    for (const asked of pathsOf(file)) exported.set(asked, found)
  }
  return exported
}

/** A worker of ours loads the rest of its own code, asks our API, and nothing else. */
const SCRIPT_POLICY = "default-src 'none'; script-src 'self'; connect-src 'self'"

async function policyOf(directory: string, file: string): Promise<string | null> {
  if (file.endsWith('.js')) return SCRIPT_POLICY
  return file.endsWith('.html') ? contentPolicyOf(await readFile(path.join(directory, file), 'utf8')) : null
}

function pathsOf(file: string): string[] {
  if (file === 'index.html') return ['/', '/index.html']
  const page = file.endsWith('/index.html') ? file.slice(0, -'/index.html'.length) : file.endsWith('.html') ? file.slice(0, -'.html'.length) : null
  return page === null ? [`/${file}`] : [`/${page}`, `/${page}/`, `/${file}`]
}
