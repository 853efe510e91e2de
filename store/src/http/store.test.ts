import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { env } from 'node:process'
import { ClickHouseLogLevel, createClient } from '@clickhouse/client'
import { expect, test } from 'vitest'
import { type ConformanceTarget, storeConformance } from '../conformance.ts'
import { StoreUnavailableError } from '../errors.ts'
import { startHttpFront } from './front-for-tests.ts'
import { openHttpStore } from './store.ts'

/** A real server when `SKEIN_TEST_CLICKHOUSE` names one, else the embedded engine behind the same protocol. */
storeConformance('ClickHouse over HTTP', async () => {
  const server = env['SKEIN_TEST_CLICKHOUSE']
  return server === undefined ? frontTarget() : serverTarget(server)
})

async function frontTarget(): Promise<ConformanceTarget> {
  const directory = mkdtempSync(join(tmpdir(), 'skein-http-'))
  const front = await startHttpFront(directory)
  const target = serverTarget(front.url)
  return {
    ...target,
    async close() {
      await target.close()
      await front.close()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

function serverTarget(url: string): ConformanceTarget {
  const log = { level: ClickHouseLogLevel.OFF }
  const database = `skein_test_${Date.now()}`
  const client = createClient({ url, log })
  return {
    open: (options) => openHttpStore({ ...options, url, database, username: 'default', password: '' }),
    async run(statement) {
      const inside = createClient({ url, database, log })
      try {
        if (!statement.startsWith('SELECT')) await inside.command({ query: statement })
        else return ((await (await inside.query({ query: statement, format: 'JSONCompact' })).json()) as { data: unknown[][] }).data
        return []
      } finally {
        await inside.close()
      }
    },
    async close() {
      await client.command({ query: `DROP DATABASE ${database}` })
      await client.close()
    },
  }
}

test('a server that does not answer is unavailable', async () => {
  const limits = { seconds: 1, memoryBytes: 1 << 30, rowsRead: 1000, resultRows: 1000, queued: 1 }
  const retention = { spansDays: 7, rollupDays: 90 }
  const options = { url: 'http://127.0.0.1:1', database: 'skein', username: 'default', password: '', readers: 1, writers: 1, limits, retention, migrate: true }
  await expect(openHttpStore(options)).rejects.toBeInstanceOf(StoreUnavailableError)
})
