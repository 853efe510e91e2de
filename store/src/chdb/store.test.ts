import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Session } from 'chdb'
import { storeConformance } from '../conformance.ts'
import { openChdbStore } from './store.ts'

storeConformance('chDB', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'skein-store-'))
  return {
    open: (options) => openChdbStore({ ...options, directory, memoryBytes: 2 ** 31 }),
    async run(statement) {
      const session = new Session(join(directory, 'engine'))
      try {
        session.query('USE skein')
        const text = session.query(statement, 'JSONCompactEachRow').trim()
        return text === '' ? [] : text.split('\n').map((line) => JSON.parse(line) as unknown[])
      } finally {
        session.close()
      }
    },
    async close() {
      rmSync(directory, { recursive: true, force: true })
    },
  }
})
