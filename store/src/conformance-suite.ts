import type { Store } from './contract.ts'
import type { StoreOptions } from './engine.ts'

/** What a law needs of the suite. */
export interface Suite {
  /** The open store. */
  store(): Store
  /** Closes the store and opens it again, with other limits when given. */
  reopen(limits?: Partial<StoreOptions['limits']>): Promise<Store>
  run(statement: string): Promise<unknown[][]>
  /** A name no other test uses: for tenants and topics. */
  fresh(prefix: string): string
}
