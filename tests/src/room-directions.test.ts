import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'

const ROOT = join(import.meta.dirname, '..', '..')

/** Room → something it must never import (docs/ARCHITECTURE.md). */
const FORBIDDEN: readonly (readonly [room: string, specifier: string])[] = [
  ['schemas', 'node:fs'],
  ['schemas', '@skein/store/contract'],
  ['eventlog', '@skein/store/contract'],
  ['store', '@skein/eventlog/contract'],
  ['metadata', '@skein/eventlog/contract'],
  ['collector', '@skein/store/contract'],
  ['collector', '@clickhouse/client'],
  ['ingest', '@skein/query/query'],
  ['ingest', '@clickhouse/client'],
  ['query', '@skein/ingest/ingest'],
  ['query', 'chdb'],
  ['web', '@skein/store/contract'],
  ['demo', '@skein/schemas/topology'],
]

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

function lint(room: string, specifier: string): string {
  const folder = join(ROOT, room, 'src', 'planted-import')
  folders.push(folder)
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'planted.ts'), `import '${specifier}'\n`)
  try {
    return execFileSync(join(ROOT, 'node_modules', '.bin', 'oxlint'), [join(room, 'src', 'planted-import')], {
      cwd: ROOT,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    })
  } catch (error) {
    return (error as { stdout: string }).stdout
  }
}

describe('the linter keeps the rooms apart', () => {
  it.each(FORBIDDEN)('%s may not import %s', (room, specifier) => {
    expect(lint(room, specifier)).toContain(`${room} may import`)
  })

  it('what is allowed passes', () => {
    expect(lint('ingest', '@skein/store/contract')).not.toContain('may import')
  })
})
