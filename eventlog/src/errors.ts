/** The log has no room: a quota or the disk. The producer answers 503 and tries later. */
export class LogFullError extends Error {
  override readonly name = 'LogFullError'
}

/** The log cannot be reached or did not confirm in time. What was sent may be in it. */
export class LogUnavailableError extends Error {
  override readonly name = 'LogUnavailableError'
}

/** The same record would be refused again. */
export class RecordTooLargeError extends Error {
  override readonly name = 'RecordTooLargeError'
}

/** Another owner has the partition; what this one still holds must not be committed. */
export class OwnershipLostError extends Error {
  override readonly name = 'OwnershipLostError'
}

/** The directory is used by another process. */
export class LogLockedError extends Error {
  override readonly name = 'LogLockedError'
  /** The other process is on its way out: whoever watched it is gone. */
  readonly leaving: boolean
  constructor(message: string, leaving: boolean) {
    super(message)
    this.leaving = leaving
  }
}

/** The directory was written by a newer version. */
export class LogVersionError extends Error {
  override readonly name = 'LogVersionError'
}

/** The cluster behind the log could lose what it acknowledged, and nobody said that this is accepted. */
export class WeakLogError extends Error {
  override readonly name = 'WeakLogError'
}
