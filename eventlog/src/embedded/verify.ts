import { spawn } from 'node:child_process'
import { execPath } from 'node:process'
import { createInterface } from 'node:readline'

/**
 * Walks volumes in a process of its own, since a flipped bit in a page header can end the process that reads it. Returns the paths that could not
 * be walked to the end. Run after a writer died; the walk reads keys, not values.
 */
export async function unwalkable(paths: readonly string[], volumeBytes: number): Promise<string[]> {
  const bad: string[] = []
  let left = [...paths]
  while (left.length > 0) {
    const walked = await walk(left, volumeBytes)
    const failed = left[walked]
    if (failed === undefined) break
    bad.push(failed)
    left = left.slice(walked + 1)
  }
  return bad
}

/** How many of the paths were walked before the first that could not be. */
async function walk(paths: readonly string[], volumeBytes: number): Promise<number> {
  const script = new URL('./walk-volumes.ts', import.meta.url).pathname
  const child = spawn(execPath, [script, String(volumeBytes), ...paths], { stdio: ['ignore', 'pipe', 'ignore'] })
  let walked = 0
  for await (const line of createInterface({ input: child.stdout })) if (line === 'walked') walked++
  return walked
}
