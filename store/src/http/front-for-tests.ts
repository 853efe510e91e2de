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
/** `http_max_field_value_size`. */
const MAX_FIELD_BYTES = 128 * 1024

/** Parameters of a request that are not settings of its query. */
const NOT_SETTINGS = new Set(['query', 'query_id', 'database', 'wait_end_of_query', 'send_progress_in_http_headers', 'role', 'session_id'])

/**
 * As much of ClickHouse's HTTP interface as the driver uses, answered by the embedded engine: statements in the body or, with data, in
 * `query`; parameters in the address or a form, settings and the database in the address; errors as `Code: n. DB::Exception: …` with a status that is no success.
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
  const sent = Buffer.concat(await request.toArray())
  const form = formOf(request, sent)
  for (const [name, value] of form) if (name !== 'query') searchParams.set(name, value)
  const body = form.get('query') ?? sent
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

/** Parts of a form, in which a statement with long parameters comes. */
function formOf(request: IncomingMessage, sent: Buffer): Map<string, string> {
  const boundary = /^multipart\/form-data; boundary=(\S+)$/.exec(request.headers['content-type'] ?? '')?.[1]
  const parts = boundary === undefined ? [] : sent.toString().split(`--${boundary}`).slice(1, -1)
  const form = new Map(
    parts.map((part) => {
      const head = part.indexOf('\r\n\r\n')
      return [/name="(.*)"/.exec(part.slice(0, head))?.[1] ?? '', part.slice(head + 4, -2)]
    }),
  )
  for (const value of form.values()) if (Buffer.byteLength(value) > MAX_FIELD_BYTES) throw new Error('Code: 37. DB::Exception: Field value too long')
  return form
}

function setup(parameters: URLSearchParams): string[] {
  const database = parameters.get('database')
  const settings = [...parameters].filter(([name]) => !NOT_SETTINGS.has(name))
  // one statement for all: each copies what is set
  const set = (wanted: (name: string) => boolean): string[] => {
    const assignments = settings.filter(([name]) => wanted(name)).map(([name, value]) => `${name} = ${literal(value)}`)
    return assignments.length === 0 ? [] : [`SET ${assignments.join(', ')}`]
  }
  const isParameter = (name: string): boolean => name.startsWith('param_')
  return [
    ...(database === null || database === '' ? [] : [`USE ${database}`]),
    ...set((name) => name !== 'readonly' && !isParameter(name)),
    ...set(isParameter),
    ...set((name) => name === 'readonly'),
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
