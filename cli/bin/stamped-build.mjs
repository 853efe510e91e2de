import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const STAMP = '.skein-build'

/** True when `folder` was built from what `digest` says there is now. */
export function isBuilt(folder, digest) {
  const stamp = join(folder, STAMP)
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === digest()
}

/**
 * Empties `folder`, has it built, and stamps it with the digest from before the build: who edits a source meanwhile gets another build. A build that
 * fails leaves no stamp.
 */
export async function buildStamped(folder, digest, build) {
  const before = digest()
  rmSync(folder, { recursive: true, force: true })
  await build()
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, STAMP), before)
}
