/** The store does not answer, is starting, or is full: the same call may succeed later. */
export class StoreUnavailableError extends Error {
  override readonly name = 'StoreUnavailableError'
}

/** The same block would be refused again. */
export class RejectedBlockError extends Error {
  override readonly name = 'RejectedBlockError'
}

/** A question over its time, memory or row limit. */
export class QueryLimitError extends Error {
  override readonly name = 'QueryLimitError'
  readonly limit: 'time' | 'memory' | 'rows' | 'concurrency'
  constructor(limit: QueryLimitError['limit'], message: string) {
    super(message)
    this.limit = limit
  }
}

/** The data directory or database belongs to a newer version, a migration was changed, or another process has it. */
export class StoreVersionError extends Error {
  override readonly name = 'StoreVersionError'
}

/** What was written lately is not whole. A store that is opened again sets it aside, and takes what it was made from instead. */
export class StoreDamagedError extends Error {
  override readonly name = 'StoreDamagedError'
}
