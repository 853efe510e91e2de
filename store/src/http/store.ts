import type { Store } from '../contract.ts'
import type { StoreOptions } from '../engine.ts'
import { openStore } from '../open-store.ts'
import { openHttpEngine } from './engine.ts'

export interface HttpStoreOptions extends StoreOptions {
  url: string
  /** Created when `migrate` is set. */
  database: string
  username: string
  password: string
}

/** The store on a ClickHouse server. Throws `StoreUnavailableError` when it does not answer, `StoreVersionError` when its schema is not this version's. */
export async function openHttpStore(options: HttpStoreOptions): Promise<Store> {
  return openStore(await openHttpEngine(options), options)
}
