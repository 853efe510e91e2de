import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync, statfsSync } from 'node:fs'
import { join } from 'node:path'
import { execPath } from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { Session } from 'chdb'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { canMount, fill, mountSmallDisk, unmount } from './harness/small-disk.ts'

const CHILD = join(import.meta.dirname, 'harness', 'insert-for-ever.ts')
const RUN_MS = 20_000
const OPENING_BYTES = 8 * 1024 * 1024
const TABLES = ['spans', 'traces', 'logs', 'trace_services']
const ROWS = 100
/** Exit status. */
const NO_ROOM = 75

describe.skipIf(!canMount())('the embedded store on a disk that fills and empties', () => {
  let disk = ''
  beforeEach(() => {
    disk = mountSmallDisk(80)
  })
  afterEach(() => unmount(disk))

  test('has every range that it took, once, and every part can be read', { timeout: 180_000 }, async () => {
    const directory = join(disk, 'store')
    const taken = new Set<string>()
    let filling = true
    const fillers: Promise<void>[] = []
    const endMs = performance.now() + RUN_MS
    for (let opening = 1; performance.now() < endMs; opening++) {
      while (freeBytes(disk) < OPENING_BYTES) await sleep(20)
      const lifeMs = Math.max(1, endMs - performance.now())
      await insertForEver([directory, String(opening * 100_000), String(lifeMs)], (name) => {
        taken.add(name)
        if (fillers.length === 0) fillers.push(fillAndEmpty(join(disk, 'ballast'), () => filling))
      })
    }
    filling = false
    await Promise.all(fillers)
    expect(taken.size).toBeGreaterThan(50)
    expect(contentsOf(directory)).toEqual(expect.objectContaining(Object.fromEntries([...taken].map((name) => [name, ROWS]))))
  })
})

function freeBytes(disk: string): number {
  const { bavail, bsize } = statfsSync(disk)
  return bavail * bsize
}

async function fillAndEmpty(ballast: string, goOn: () => boolean): Promise<void> {
  while (goOn()) {
    await sleep(300 + Math.random() * 1200)
    fill(ballast)
    // As long as several looks of the store: a disk that was full between two of them is not noticed.
    await sleep(1000 + Math.random() * 500)
    rmSync(ballast)
  }
}

/** Until it ends by itself or, for the store must be opened anew, by a kill. */
async function insertForEver(args: readonly string[], taken: (name: string) => void): Promise<void> {
  const child = spawn(execPath, [CHILD, ...args], { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, UV_THREADPOOL_SIZE: '16' } })
  let rest = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      const [, table, number] = /^taken (\w+) (\d+)$/.exec(line) ?? []
      if (table !== undefined) taken(`${table} t${number}`)
    }
  })
  const [code, signal] = await once(child, 'close')
  expect([0, NO_ROOM, 'SIGKILL']).toContain(code ?? signal)
}

/** Table and tenant → rows. */
function contentsOf(directory: string): Record<string, number> {
  const session = new Session(join(directory, 'engine'))
  try {
    const found = TABLES.flatMap((table) => {
      session.query(`SELECT * FROM skein.${table} FORMAT Null`)
      const text = session.query(`SELECT tenant, toUInt32(count()) FROM skein.${table} WHERE tenant != '' GROUP BY tenant`, 'JSONCompactEachRow').trim()
      const rows = text === '' ? [] : text.split('\n').map((line) => JSON.parse(line) as [string, number])
      return rows.map(([tenant, count]) => [`${table} ${tenant}`, count] as const)
    })
    return Object.fromEntries(found)
  } finally {
    session.close()
  }
}
