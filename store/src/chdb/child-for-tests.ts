import { argv } from 'node:process'
import { handBlock } from '../conformance-rows.ts'
import { type ChdbStoreOptions, openChdbStore } from './store.ts'

/** A process of its own for tests: opens a store and says why not, or inserts ranges until it is killed. */
const [, , what, options] = argv
try {
  const store = await openChdbStore(JSON.parse(options ?? '') as ChdbStoreOptions)
  if (what === 'insert') {
    for (let at = 0; at < 40; at++) {
      await store.ingest.insert(`t:0:${at}-${at}`, handBlock('notes', [{ tenant: 't', minute: Date.UTC(2026, 0, 2), code: `c${at}`, count: 1 }]), false)
      console.log(`inserted ${at}`)
    }
  }
  await store.close()
} catch (error) {
  console.log(String(error))
}
