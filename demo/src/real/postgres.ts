import { join } from 'node:path'
import pg from 'pg'
import { findPrograms, inOwnFolder, modestUser, type RealServer, run, startServer } from './server.ts'

const SCHEMA: Readonly<Record<string, readonly string[]>> = {
  account: [
    'CREATE TABLE viewers (id int PRIMARY KEY, name text, packages text[])',
    "INSERT INTO viewers SELECT n, 'viewer ' || n, '{basic}' FROM generate_series(1, 1000) n",
  ],
  catalogue: [
    'CREATE TABLE programmes (channel int, title text, start int)',
    "INSERT INTO programmes SELECT n, 'programme ' || n, 0 FROM generate_series(1, 100) n",
    'CREATE TABLE titles (id int PRIMARY KEY, title text, added int, manifest text)',
    "INSERT INTO titles SELECT n, 'title ' || n, n, 'manifest' FROM generate_series(1, 500) n",
  ],
  orders: [
    'CREATE TABLE orders (id bigserial PRIMARY KEY, viewer int, cents int, done boolean NOT NULL DEFAULT false)',
    'CREATE INDEX open_orders ON orders (viewer) WHERE NOT done',
  ],
}

/** A PostgreSQL of the demo's own, when this machine has one; null when not. It forgets everything at its end. */
export async function startPostgres(port: number, path: string | undefined): Promise<RealServer | null> {
  const programs = findPrograms(['postgres', 'initdb'], path)
  if (programs === null) return null
  const [postgres, initdb] = programs
  return inOwnFolder('postgres', async (folder) => {
    const data = join(folder, 'data')
    await run(initdb, ['-D', data, '-U', 'tv', '-A', 'trust', '-E', 'UTF8', '--no-locale', '--no-sync'], { cwd: folder, ...modestUser() })
    const settings = {
      listen_addresses: '127.0.0.1',
      unix_socket_directories: folder,
      fsync: 'off',
      shared_buffers: '16MB',
      max_connections: '150',
      autovacuum_naptime: '60',
    }
    const args = ['-D', data, '-p', String(port), ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])]
    // SIGINT is PostgreSQL's fast shutdown: sessions are ended.
    const server = await startServer({ program: postgres, args, port, signal: 'SIGINT', cwd: folder })
    const version = await fillDatabases(port)
    return { ...server, what: `PostgreSQL ${version}` }
  })
}

/** Returns the server's version. */
async function fillDatabases(port: number): Promise<string> {
  const on = async <T>(database: string, use: (client: pg.Client) => Promise<T>): Promise<T> => {
    const client = await connected(port, database)
    try {
      return await use(client)
    } finally {
      await client.end()
    }
  }
  for (const [database, statements] of Object.entries(SCHEMA)) {
    await on('postgres', (client) => client.query(`CREATE DATABASE ${database}`))
    await on(database, async (client) => {
      for (const statement of statements) await client.query(statement)
    })
  }
  return on('postgres', async (client) => {
    const { rows } = await client.query<{ server_version: string }>('SHOW server_version')
    return rows[0]?.server_version.split(' ')[0] ?? ''
  })
}

/** The port listens moments before sessions are taken. */
async function connected(port: number, database: string): Promise<pg.Client> {
  for (let left = 50; ; left--) {
    const client = new pg.Client({ host: '127.0.0.1', port, user: 'tv', database })
    client.on('error', () => undefined)
    try {
      await client.connect()
      return client
    } catch (error) {
      if (left === 0) throw error
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
}
