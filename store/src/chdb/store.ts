import type { Store } from '../contract.ts'
import type { StoreOptions } from '../engine.ts'
import { openStore } from '../open-store.ts'
import { openChdbEngine } from './engine.ts'

export interface ChdbStoreOptions extends StoreOptions {
  /** Created when missing; one process at a time may have it open. */
  directory: string
  /** Most memory the engine may take. */
  memoryBytes: number
}

/**
 * The store inside this process. Set `UV_THREADPOOL_SIZE` to at least readers + writers + 4 before the process starts: every running
 * query holds a thread of that pool. Throws `StoreVersionError` when another process has the directory or a newer version wrote it.
 * Close it before the process exits.
 */
export async function openChdbStore(options: ChdbStoreOptions): Promise<Store> {
  return openStore(await openChdbEngine(options), options)
}
