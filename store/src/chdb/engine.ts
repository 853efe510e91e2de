import { mkdirSync, rmSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { drainPending, Session } from 'chdb'
import { withDeadline } from '../deadline.ts'
import { type Engine, type InsertShare, type QueryLimits, readerSettings, WRITER_SETTINGS } from '../engine.ts'
import { insertError, queryError } from '../error-mapping.ts'
import { StoreUnavailableError, StoreVersionError } from '../errors.ts'
import { createPool, type Pool } from '../pool.ts'
import { insertStatement, literal } from '../sql/insert.ts'
import type { CompiledQuery } from '../sql/select.ts'
import { type ChdbConnection, openConnection } from './connection.ts'
import { createDiskGuard, demandRoomToOpen, type DiskGuard } from './disk-guard.ts'
import { setParameters } from './parameter-text.ts'

export interface ChdbOptions {
  /** Created when missing; one process at a time may have it open. */
  directory: string
  memoryBytes: number
  readers: number
  writers: number
  limits: QueryLimits
}

const DATABASE = 'skein'
/** How long a question may run over its limit before it is killed. */
const GRACE_MS = 1000
/** How often the engine compares its memory with the limit by itself; every 50 ms, its default, costs an idle process a tenth of its time. */
const MEMORY_LOOK_MS = 500
/**
 * How often a table looks for something to merge when a look found nothing: after 1, 2, 4 and then every 5 seconds; at once when rows come. By default pauses begin at a tenth of a
 * second and grow by a tenth, for two tasks a table. Longer ones leave small tables in many parts after they came to rest.
 */
const MERGE_LOOKS = { thread_sleep_seconds_if_nothing_to_do: 1, task_sleep_seconds_when_no_work_multiplier: 2, task_sleep_seconds_when_no_work_max: 5 } as const
const READY_TRIES = 50
const READY_PAUSE_MS = 100

/** The engine in this process. Each connection runs one query at a time and holds a thread of libuv's pool (UV_THREADPOOL_SIZE). */
export async function openChdbEngine(options: ChdbOptions): Promise<Engine> {
  const path = join(options.directory, 'engine')
  const inserts = join(options.directory, 'inserts')
  mkdirSync(options.directory, { recursive: true, mode: 0o700 })
  demandRoomToOpen(options.directory)
  const keeper = openKeeper(path, options.memoryBytes)
  rmSync(inserts, { recursive: true, force: true })
  mkdirSync(inserts, { recursive: true })
  const opened: ChdbConnection[] = []
  const open = async (setup: readonly string[]): Promise<ChdbConnection> => {
    const connection = await openConnection(path, setup)
    opened.push(connection)
    return connection
  }
  try {
    const control = await open([`CREATE DATABASE IF NOT EXISTS ${DATABASE}`, ...writerSetup(options.memoryBytes)])
    await untilReady(control)
    const readers = await Promise.all(Array.from({ length: options.readers }, () => open(readerSetup(options.limits))))
    const writers = await Promise.all(Array.from({ length: options.writers }, () => open(writerSetup(options.memoryBytes))))
    const asker = createAsker({ readers: createPool(readers, options.limits.queued), control: createPool([control], Infinity), limits: options.limits })
    const guard = createDiskGuard({ directory: options.directory, change: asker.change, inspect: asker.inspect })
    return {
      exclusive: true,
      ...asker,
      insert: createInserter(createPool(writers, Infinity), inserts, guard),
      failed: guard.failed,
      close: async () => {
        guard.close()
        await asker.killAll()
        await closeAll(opened, keeper)
      },
    }
  } catch (error) {
    await closeAll(opened, keeper)
    throw error
  }
}

/** The first connection decides how the engine starts; it stays open so that the engine does. */
function openKeeper(path: string, memoryBytes: number): Session {
  try {
    return new Session(path, {
      connectionArgs: [
        '--async_load_databases=0',
        '--async_load_system_database=0',
        `--max_server_memory_usage=${memoryBytes}`,
        `--memory_worker_period_ms=${MEMORY_LOOK_MS}`,
        ...Object.entries(MERGE_LOOKS).map(([name, value]) => `--background_processing_pool_${name}=${value}`),
      ],
    })
  } catch (error) {
    throw new StoreVersionError(`The store in ${path} cannot be opened: another process has it open, or a newer version wrote it.`, { cause: error })
  }
}

/** Right after opening an existing path the engine may not know its database yet. */
async function untilReady(control: ChdbConnection): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await control.rows('SELECT count() FROM system.tables WHERE database = currentDatabase()')
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

interface AskerDeps {
  readers: Pool<ChdbConnection>
  control: Pool<ChdbConnection>
  limits: QueryLimits
}

function createAsker(deps: AskerDeps): Pick<Engine, 'ask' | 'askNative' | 'inspect' | 'change'> & { killAll(): Promise<void> } {
  const running = new Map<string, Promise<unknown>>()
  let started = 0
  const control = async <T>(use: (connection: ChdbConnection) => Promise<T>): Promise<T> => {
    const connection = await deps.control.take()
    try {
      return await use(connection)
    } catch (error) {
      throw queryError(error)
    } finally {
      deps.control.giveBack(connection)
    }
  }
  const kill = (id: string): Promise<unknown> =>
    control((connection) => connection.rows(`KILL QUERY WHERE position(query, ${literal(tag(id))}) > 0 AND position(query, 'KILL QUERY') = 0 ASYNC`))
  const run = <Answer>(reader: ChdbConnection, query: CompiledQuery, ask: (statement: string) => Promise<Answer>): Promise<Answer> => {
    const id = String(++started)
    const answer = ask(`${setParameters(query.parameters)}${query.sql} ${tag(id)}`)
    const ended = answer
      .catch(() => undefined)
      .finally(() => {
        running.delete(id)
        deps.readers.giveBack(reader)
      })
    running.set(id, ended)
    return withDeadline(answer, deps.limits.seconds * 1000 + GRACE_MS, () => kill(id))
  }
  const onReader = async <Answer>(use: (reader: ChdbConnection) => Promise<Answer>): Promise<Answer> => {
    const reader = await deps.readers.take()
    try {
      return await use(reader)
    } catch (error) {
      throw queryError(error)
    }
  }
  return {
    ask: async (query) => (await onReader((reader) => run(reader, query, (statement) => reader.rows(statement)))).map((row) => query.read(row)),
    askNative: (query) => onReader((reader) => run(reader, query, (statement) => reader.bytes(`${statement} FORMAT Native`))),
    inspect: (statement) => control((connection) => connection.rows(statement)),
    change: (statement) => control((connection) => connection.run(statement)),
    async killAll() {
      const all = [...running]
      await Promise.allSettled(all.map(([id]) => kill(id)))
      await Promise.allSettled(all.map(([, ended]) => ended))
    },
  }
}

/** By its text a query is found again: the engine gives it an id of its own. */
function tag(id: string): string {
  return `/* q:${id} */`
}

function createInserter(writers: Pool<ChdbConnection>, directory: string, guard: DiskGuard): Engine['insert'] {
  let written = 0
  return async (share: InsertShare) => {
    const file = join(directory, `${++written}.native`)
    const writer = await writers.take()
    try {
      await guard.insert(async () => {
        await writeFile(file, share.blocks)
        await writer.run(insertStatement(share.table, `file(${literal(file)}, 'Native')`, share))
      })
    } catch (error) {
      throw insertError(error)
    } finally {
      writers.giveBack(writer)
      await rm(file, { force: true })
    }
  }
}

async function closeAll(connections: readonly ChdbConnection[], keeper: Session): Promise<void> {
  await Promise.allSettled(connections.map((connection) => connection.close()))
  keeper.close()
  await drainPending()
}
