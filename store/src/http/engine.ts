import { randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import { type ClickHouseClient, ClickHouseLogLevel, type ClickHouseSettings, createClient } from '@clickhouse/client'
import { withDeadline } from '../deadline.ts'
import { type Engine, type InsertShare, type QueryLimits, readerSettings, WRITER_SETTINGS } from '../engine.ts'
import { insertError, queryError } from '../error-mapping.ts'
import { createPool } from '../pool.ts'
import { blockStructure, insertStatement, literal, plainInsertStatement } from '../sql/insert.ts'
import { type CompiledQuery, identifier } from '../sql/select.ts'

export interface HttpOptions {
  url: string
  database: string
  username: string
  password: string
  readers: number
  writers: number
  limits: QueryLimits
  migrate: boolean
}

/** How long a question may run over its limit, and an insert at all. */
const GRACE_MS = 1000
const INSERT_TIMEOUT_MS = 120_000

/** What went wrong is in the error that is thrown, and told once by whoever catches it. */
const SILENT = { level: ClickHouseLogLevel.OFF }

type Access = Pick<HttpOptions, 'url' | 'username' | 'password'> & { log: typeof SILENT }

/** A ClickHouse server. Its user needs `readonly` 0 or 2, since the limits of a question travel with it. */
export async function openHttpEngine(options: HttpOptions): Promise<Engine> {
  const { url, username, password, database } = options
  const access = { url, username, password, log: SILENT }
  if (options.migrate) await createDatabase(access, database)
  const client = createClient({
    ...access,
    database,
    request_timeout: INSERT_TIMEOUT_MS,
    max_open_connections: options.readers + options.writers + 1,
    // Lists of ids may be longer than an address may be, for the server or for what stands before it.
    use_multipart_params_auto: true,
  })
  const running = new Set<string>()
  const kill = (id: string): Promise<unknown> => client.command({ query: 'KILL QUERY WHERE query_id = {id:String} ASYNC', query_params: { id } })
  const readers = createPool(slots(options.readers), options.limits.queued)
  const writers = createPool(slots(options.writers), Number.POSITIVE_INFINITY)
  const onReader = async <Answer>(use: (id: string) => Promise<Answer>): Promise<Answer> => {
    const slot = await readers.take()
    const id = randomUUID()
    running.add(id)
    try {
      return await withDeadline(use(id), options.limits.seconds * 1000 + GRACE_MS, () => kill(id))
    } catch (error) {
      throw queryError(error)
    } finally {
      running.delete(id)
      readers.giveBack(slot)
    }
  }
  return {
    exclusive: false,
    failed: new Promise<never>(() => undefined),
    ask: async (query) => (await onReader((id) => answerOf(client, query, { id, limits: options.limits }))).map((row) => query.read(row)),
    askNative: (query) => onReader((id) => bytesOf(client, query, { id, limits: options.limits })),
    inspect: async (statement) => rowsOf(await client.query({ query: statement, format: 'JSONCompact' }).catch(throwQueryError)),
    change: async (statement) => void (await client.command({ query: statement }).catch(throwQueryError)),
    async insert(share) {
      const slot = await writers.take()
      try {
        await insertBlocks(client, share)
      } catch (error) {
        throw insertError(error)
      } finally {
        writers.giveBack(slot)
      }
    },
    async close() {
      await Promise.allSettled([...running].map(kill))
      await client.close()
    },
  }
}

async function createDatabase(access: Access, database: string): Promise<void> {
  const client = createClient(access)
  try {
    await client.command({ query: `CREATE DATABASE IF NOT EXISTS ${identifier(database)}` }).catch(throwQueryError)
  } finally {
    await client.close()
  }
}

interface Asking {
  id: string
  limits: QueryLimits
}

async function answerOf(client: ClickHouseClient, query: CompiledQuery, asking: Asking): Promise<unknown[][]> {
  return rowsOf(await client.query({ query: query.sql, format: 'JSONCompact', ...requestOf(query, asking) }))
}

async function bytesOf(client: ClickHouseClient, query: CompiledQuery, asking: Asking): Promise<Uint8Array> {
  const { stream } = await client.exec({ query: `${query.sql} FORMAT Native`, ...requestOf(query, asking) })
  return Buffer.concat((await stream.toArray()) as Buffer[])
}

function requestOf(query: CompiledQuery, { id, limits }: Asking) {
  const parameters = Object.entries(query.parameters).map(([name, { type, value }]) => [name, type === 'Array(UInt64)' ? numberList(value) : value])
  return {
    query_id: id,
    query_params: Object.fromEntries(parameters) as Record<string, unknown>,
    clickhouse_settings: { ...readerSettings(limits), readonly: '1' } as ClickHouseSettings,
  }
}

/** The client would write decimals of an array as strings in quotes. */
function numberList(value: unknown): string {
  return `[${(value as readonly string[]).join(',')}]`
}

async function rowsOf(result: Awaited<ReturnType<ClickHouseClient['query']>>): Promise<unknown[][]> {
  return ((await result.json()) as { data: unknown[][] }).data
}

/** Whole blocks go the straight way; when some days are there already, the others are picked from the block. */
async function insertBlocks(client: ClickHouseClient, share: InsertShare): Promise<void> {
  const statement =
    share.onlyDays === undefined
      ? plainInsertStatement(share.table, share.token)
      : insertStatement(share.table, `input(${literal(blockStructure(share.table))})`, share)
  const { stream } = await client.exec({
    query: `${statement} FORMAT Native`,
    values: Readable.from(share.blocks, { objectMode: false }),
    clickhouse_settings: { ...WRITER_SETTINGS, async_insert: 0, wait_end_of_query: 1 } as ClickHouseSettings,
  })
  for await (const _ of stream) continue
}

function slots(count: number): number[] {
  return Array.from({ length: count }, (_, at) => at)
}

function throwQueryError(error: unknown): never {
  throw queryError(error)
}
