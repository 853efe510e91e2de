import { mkdirSync, rmSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type ClickHouseClient, ClickHouseLogLevel, createClient } from '@clickhouse/client'
import { drainPending, Session } from 'chdb'
import { createChdbConnection } from 'chdb/connection'
import { withDeadline } from '../deadline.ts'
import { type Engine, type InsertShare, type QueryLimits, readerSettings, WRITER_SETTINGS } from '../engine.ts'
import { insertError, queryError } from '../error-mapping.ts'
import { StoreUnavailableError, StoreVersionError } from '../errors.ts'
import { createPool, type Pool } from '../pool.ts'
import { insertStatement, literal } from '../sql/insert.ts'
import type { CompiledQuery } from '../sql/select.ts'
import { setParameters } from './parameter-text.ts'

export interface ChdbOptions {
  /** Created when missing; one process at a time may have it open. */
  directory: string
  memoryBytes: number
  readers: number
  writers: number
  limits: QueryLimits
}

/** The client's and chDB's copies of one interface differ in a private member alone. */
type InjectedConnection = NonNullable<NonNullable<Parameters<typeof createClient>[0]>['connection']>

const DATABASE = 'skein'
/** How long a question may run over its limit before it is killed. */
const GRACE_MS = 1000
const READY_TRIES = 50
const READY_PAUSE_MS = 100

/** The engine in this process. Each connection runs one query at a time and holds a thread of libuv's pool (UV_THREADPOOL_SIZE). */
export async function openChdbEngine(options: ChdbOptions): Promise<Engine> {
  const path = join(options.directory, 'engine')
  const inserts = join(options.directory, 'inserts')
  mkdirSync(options.directory, { recursive: true, mode: 0o700 })
  rmSync(inserts, { recursive: true, force: true })
  const keeper = openKeeper(path, options.memoryBytes)
  mkdirSync(inserts, { recursive: true })
  const clients: ClickHouseClient[] = []
  const connect = async (settings: readonly string[]): Promise<ClickHouseClient> => {
    const client = createClient({ connection: createChdbConnection({ path }) as unknown as InjectedConnection, log: { level: ClickHouseLogLevel.OFF } })
    clients.push(client)
    for (const setting of settings) await client.command({ query: setting })
    return client
  }
  try {
    const control = await connect([`CREATE DATABASE IF NOT EXISTS ${DATABASE}`, ...writerSetup(options.memoryBytes)])
    await untilReady(control)
    const readers = await Promise.all(Array.from({ length: options.readers }, () => connect(readerSetup(options.limits))))
    const writers = await Promise.all(Array.from({ length: options.writers }, () => connect(writerSetup(options.memoryBytes))))
    const asker = createAsker({ readers: createPool(readers, options.limits.queued), control, limits: options.limits })
    return {
      ...asker,
      inspect: (statement) => rows(control, statement).catch(throwAs(queryError)),
      change: async (statement) => void (await control.command({ query: statement }).catch(throwAs(queryError))),
      insert: createInserter(createPool(writers, Number.POSITIVE_INFINITY), inserts),
      close: async () => {
        await asker.killAll()
        await closeAll(clients, keeper)
      },
    }
  } catch (error) {
    await closeAll(clients, keeper)
    throw error
  }
}

/** The first connection decides how the engine starts; it stays open so that the engine does. */
function openKeeper(path: string, memoryBytes: number): Session {
  try {
    return new Session(path, { connectionArgs: ['--async_load_databases=0', '--async_load_system_database=0', `--max_server_memory_usage=${memoryBytes}`] })
  } catch (error) {
    throw new StoreVersionError(`The store in ${path} cannot be opened: another process has it open, or a newer version wrote it.`, { cause: error })
  }
}

/** Right after opening an existing path the engine may not know its database yet. */
async function untilReady(control: ClickHouseClient): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await rows(control, 'SELECT count() FROM system.tables WHERE database = currentDatabase()')
      return
    } catch (error) {
      if (tries === READY_TRIES) throw new StoreUnavailableError('the embedded store does not answer', { cause: error })
      await new Promise((resolve) => setTimeout(resolve, READY_PAUSE_MS))
    }
  }
}

/** Limits first: a read-only connection cannot change its settings any more. */
function readerSetup(limits: QueryLimits): string[] {
  return [`USE ${DATABASE}`, setStatement(readerSettings(limits)), 'SET readonly = 1']
}

function writerSetup(memoryBytes: number): string[] {
  return [`USE ${DATABASE}`, setStatement({ ...WRITER_SETTINGS, max_memory_usage: Math.floor(memoryBytes / 2) })]
}

function setStatement(settings: Readonly<Record<string, number | string>>): string {
  return `SET ${Object.entries(settings)
    .map(([name, value]) => `${name} = ${typeof value === 'number' ? value : literal(value)}`)
    .join(', ')}`
}

function createAsker(deps: {
  readers: Pool<ClickHouseClient>
  control: ClickHouseClient
  limits: QueryLimits
}): Pick<Engine, 'ask'> & { killAll(): Promise<void> } {
  const running = new Map<string, Promise<unknown>>()
  let started = 0
  const kill = (id: string): Promise<unknown> =>
    deps.control.command({ query: `KILL QUERY WHERE position(query, ${literal(tag(id))}) > 0 AND position(query, 'KILL QUERY') = 0 ASYNC` })
  const run = async (id: string, reader: ClickHouseClient, query: CompiledQuery): Promise<unknown[][]> => {
    const answer = rows(reader, `${setParameters(query.parameters)}${query.sql} ${tag(id)}`)
    running.set(id, answer)
    void answer
      .catch(() => undefined)
      .finally(() => {
        running.delete(id)
        deps.readers.giveBack(reader)
      })
    return withDeadline(answer, deps.limits.seconds * 1000 + GRACE_MS, () => kill(id))
  }
  return {
    async ask(query) {
      const reader = await deps.readers.take()
      const values = await run(String(++started), reader, query).catch(throwAs(queryError))
      return values.map((row) => query.read(row))
    },
    async killAll() {
      const all = [...running]
      await Promise.allSettled(all.map(([id]) => kill(id)))
      await Promise.allSettled(all.map(([, answer]) => answer))
    },
  }
}

function tag(id: string): string {
  return `/* q:${id} */`
}

function createInserter(writers: Pool<ClickHouseClient>, directory: string): Engine['insert'] {
  let written = 0
  return async (share: InsertShare) => {
    const file = join(directory, `${++written}.native`)
    const writer = await writers.take()
    try {
      await writeFile(file, share.blocks)
      const statement = insertStatement(share.table, `file(${literal(file)}, 'Native')`, share)
      await writer.command({ query: statement })
    } catch (error) {
      throw insertError(error)
    } finally {
      writers.giveBack(writer)
      await rm(file, { force: true })
    }
  }
}

async function rows(client: ClickHouseClient, query: string): Promise<unknown[][]> {
  const result = await client.query({ query, format: 'JSONCompact' })
  return (await result.json<unknown[]>()).data
}

function throwAs(map: (error: unknown) => Error): (error: unknown) => never {
  return (error) => {
    throw map(error)
  }
}

async function closeAll(clients: readonly ClickHouseClient[], keeper: Session): Promise<void> {
  await Promise.allSettled(clients.map((client) => client.close()))
  keeper.close()
  await drainPending()
}
