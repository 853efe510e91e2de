import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'

const made: string[] = []

// What still runs in them by then belongs to no test any more.
afterAll(() => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
})

/** An empty folder that goes with the test file. */
export function folderForTests(): string {
  const folder = mkdtempSync(join(tmpdir(), 'skein-agent-'))
  made.push(folder)
  return folder
}
