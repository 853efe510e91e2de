import { Session } from 'chdb'

/** One connection to the engine in this process; it runs one statement at a time. */
export interface ChdbConnection {
  rows(statement: string): Promise<unknown[][]>
  /** The answer as the format named at the statement's end writes it. */
  bytes(statement: string): Promise<Uint8Array>
  run(statement: string): Promise<void>
  close(): Promise<void>
}

/**
 * Opens a connection and runs `setup` on it. What a failed statement had written already would stand before the answer of the next one
 * on the same connection, and that may be another tenant's question; so a connection on which a statement failed is never used again.
 */
export async function openConnection(path: string, setup: readonly string[]): Promise<ChdbConnection> {
  let session: Session | undefined = await connect(path, setup)
  const attempt = async (statement: string): Promise<Uint8Array> => {
    session ??= await connect(path, setup)
    try {
      return (await session.queryAsync(statement)).bytes()
    } catch (error) {
      const spoilt = session
      session = undefined
      spoilt.close()
      throw error
    }
  }
  return {
    async rows(statement) {
      const answer = await attempt(`${statement}\nFORMAT JSONCompact`)
      return (JSON.parse(asText(answer)) as { data: unknown[][] }).data
    },
    bytes: attempt,
    run: async (statement) => void (await attempt(statement)),
    close: async () => session?.close(),
  }
}

async function connect(path: string, setup: readonly string[]): Promise<Session> {
  const session = new Session(path)
  try {
    for (const statement of setup) await session.queryAsync(statement)
    return session
  } catch (error) {
    session.close()
    throw error
  }
}

/** An answer of no rows at all, as KILL QUERY that found nothing gives, is no JSON. */
function asText(answer: Uint8Array): string {
  const text = Buffer.from(answer.buffer, answer.byteOffset, answer.byteLength).toString('utf8')
  return text === '' ? '{"data":[]}' : text
}
