import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Session } from 'chdb'
import { literal } from '../sql/insert.ts'

export interface HttpFront {
  url: string
  close(): Promise<void>
}

/** ClickHouse's `http_max_uri_size`. */
const MAX_ADDRESS_BYTES = 1024 * 1024

/** Parameters of a request that are not settings of its query. */
const NOT_SETTINGS = new Set(['query', 'query_id', 'database', 'wait_end_of_query', 'send_progress_in_http_headers', 'role', 'session_id'])

/**
 * As much of ClickHouse's HTTP interface as the driver uses, answered by the embedded engine: statements in the body or, with data, in
 * `query`; parameters, settings and the database in the address; errors as `Code: n. DB::Exception: …` with a status that is no success.
 */
export async function startHttpFront(directory: string): Promise<HttpFront> {
  const keeper = new Session(join(directory, 'engine'), { connectionArgs: ['--async_load_databases=0'] })
  const inserts = mkdtempSync(join(tmpdir(), 'skein-front-'))
  const server = createServer({ maxHeaderSize: MAX_ADDRESS_BYTES }, (request, response) => {
    answer({ request, directory, inserts }).then(
      (body) => response.writeHead(200).end(body),
      (error: unknown) => refuse(response, error),
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${port(server)}`,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
      keeper.close()
      rmSync(inserts, { recursive: true, force: true })
    },
  }
}

async function answer(deps: { request: IncomingMessage; directory: string; inserts: string }): Promise<Uint8Array> {
  const { request, directory, inserts } = deps
  const { searchParams } = new URL(request.url ?? '/', 'http://front')
  const body = Buffer.concat(await request.toArray())
  const file = join(inserts, `${randomUUID()}.native`)
  const query = searchParams.get('query')
  if (query !== null) writeFileSync(file, body)
  const session = new Session(join(directory, 'engine'))
  try {
    for (const statement of setup(searchParams)) await session.queryAsync(statement)
    return (await session.queryAsync(query === null ? body.toString() : readingFile(query, file))).bytes()
  } finally {
    session.close()
    rmSync(file, { force: true })
  }
}

function setup(parameters: URLSearchParams): string[] {
  const database = parameters.get('database')
  const settings = [...parameters].filter(([name]) => !NOT_SETTINGS.has(name)).map(([name, value]) => `SET ${name} = ${literal(value)}`)
  return [
    ...(database === null || database === '' ? [] : [`USE ${database}`]),
    ...settings.filter((each) => !/^SET readonly/.test(each)),
    ...settings.filter((each) => /^SET readonly/.test(each)),
  ]
}

/** An insert that carries its data becomes one that reads it from a file. */
function readingFile(query: string, file: string): string {
  const source = `file(${literal(file)}, 'Native')`
  const plain = /^INSERT INTO (\S+) (\([^)]*\)) (SETTINGS .+) FORMAT Native\s*$/s.exec(query)
  if (plain !== null) return `INSERT INTO ${plain[1]} ${plain[2]} SELECT ${plain[2]?.slice(1, -1)} FROM ${source} ${plain[3]}`
  return query.replace(/input\('(?:[^'\\]|\\.)*'\)/s, () => source).replace(/ FORMAT Native\s*$/, '')
}

function refuse(response: ServerResponse, error: unknown): void {
  const message = (error instanceof Error ? error.message : String(error)).replace(/^.*?(?=Code: \d+)/s, '')
  const code = /^Code: (\d+)/.exec(message)?.[1]
  response.writeHead(500, code === undefined ? {} : { 'x-clickhouse-exception-code': code }).end(message)
}

function port(server: Server): number {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the front has no port')
  return address.port
}
