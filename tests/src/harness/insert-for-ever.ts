import { argv, exit, kill, pid, stdout } from 'node:process'
import { openChdbStore } from '@skein/store/chdb/store'
import { handBlock } from '@skein/store/conformance-rows'
import { TABLES, type TableName } from '@skein/store/tables'
import { StoreUnavailableError } from '@skein/store/errors'

/**
 * A process that has an embedded store on a disk that fills and empties: inserts numbered ranges, each under a tenant of its own, again until they
 * are taken, and prints `taken <table> <number>`. Ends as a role does, at once, when the store must be opened anew.
 * Exit status 75: no room to open it. argv: directory, first number, ms until it ends by itself.
 */
const [, , directory = '', first = '0', lifeMs = '0'] = argv
export const INSERTED = ['spans', 'traces', 'logs', 'trace_services'] as const satisfies readonly TableName[]
const ROWS = 100

const limits = { seconds: 5, memoryBytes: 1e9, rowsRead: 1e9, resultRows: 1e6, queued: 16 }
const retention = { spansDays: 20_000, rollupDays: 20_000 }
const store = await openChdbStore({ directory, memoryBytes: 2e9, retention, limits, readers: 1, writers: 2, migrate: true }).catch(noRoom)
store.failed.catch((error: unknown) => stdout.write(`${String(error).slice(0, 200)}\n`, () => kill(pid, 'SIGKILL')))
const endMs = performance.now() + Number(lifeMs)
let next = Number(first)

function noRoom(error: unknown): never {
  stdout.write(`${String(error)}\n`)
  exit(error instanceof StoreUnavailableError ? 75 : 1)
}

async function insertForEver(): Promise<void> {
  while (performance.now() < endMs) {
    const number = next++
    const table = INSERTED[number % INSERTED.length]!
    const row = { tenant: `t${number}`, [TABLES[table].day]: Date.UTC(2026, 0, 2) }
    const block = handBlock(
      table,
      Array.from({ length: ROWS }, () => row),
    )
    if (await taken(number, block)) stdout.write(`taken ${table} ${number}\n`)
  }
}

/** Again, as ingest does. */
async function taken(number: number, block: ReturnType<typeof handBlock>): Promise<boolean> {
  for (let redo = false; performance.now() < endMs; redo = true) {
    try {
      await store.ingest.insert(`x:0:${number}-${number}`, block, redo)
      return true
    } catch (error) {
      if (!(error instanceof StoreUnavailableError)) throw error
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
  return false
}

await Promise.all([insertForEver(), insertForEver(), insertForEver()])
await store.close()
