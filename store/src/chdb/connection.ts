import { type ClickHouseClient, ClickHouseLogLevel, createClient } from '@clickhouse/client'
import { createChdbConnection } from 'chdb/connection'

/** One connection to the engine in this process; it runs one statement at a time. */
export interface ChdbConnection {
  rows(statement: string): Promise<unknown[][]>
  /** The answer as the format named at the statement's end writes it. */
  bytes(statement: string): Promise<Uint8Array>
  run(statement: string): Promise<void>
  close(): Promise<void>
}

/** The client's and chDB's copies of one interface differ in a private member alone. */
type InjectedConnection = NonNullable<NonNullable<Parameters<typeof createClient>[0]>['connection']>

/**
 * Opens a connection and runs `setup` on it. What a failed statement had written already would stand before the answer of the next one
 * on the same connection, and that may be another tenant's question; so a connection on which a statement failed is never used again.
 */
export async function openConnection(path: string, setup: readonly string[]): Promise<ChdbConnection> {
  let client: ClickHouseClient | undefined = await connect(path, setup)
  const attempt = async <T>(use: (client: ClickHouseClient) => Promise<T>): Promise<T> => {
    client ??= await connect(path, setup)
    try {
      return await use(client)
    } catch (error) {
      const spoilt = client
      client = undefined
      await spoilt.close()
      throw error
    }
  }
  return {
    rows: (statement) =>
      attempt(async (used) => {
        const result = await used.query({ query: statement, format: 'JSONCompact' })
        return (await result.json<unknown[]>()).data
      }),
    bytes: (statement) =>
      attempt(async (used) => {
        const { stream } = await used.exec({ query: statement })
        const chunks = (await stream.toArray()) as Buffer[]
        return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)
      }),
    run: (statement) => attempt(async (used) => void (await used.command({ query: statement }))),
    async close() {
      await client?.close()
    },
  }
}

async function connect(path: string, setup: readonly string[]): Promise<ClickHouseClient> {
  const connection = createChdbConnection({ path }) as unknown as InjectedConnection
  const client = createClient({ connection, log: { level: ClickHouseLogLevel.OFF } })
  try {
    for (const statement of setup) await client.command({ query: statement })
    return client
  } catch (error) {
    await client.close()
    throw error
  }
}
