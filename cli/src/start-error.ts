/** Exit statuses of sysexits.h that a service manager can tell apart. */
export const Exit = { ok: 0, failure: 1, unavailable: 69, temporary: 75, config: 78 } as const

/** Skein cannot start as it is set up; `message` is the one sentence the operator reads. */
export class StartError extends Error {
  override readonly name = 'StartError'
  readonly exitCode: number
  constructor(message: string, exitCode: number = Exit.config) {
    super(message)
    this.exitCode = exitCode
  }
}

const NAMED = new Set(['LogVersionError', 'StoreVersionError', 'UnsafeAddressError', 'WeakLogError', 'ListenError'])
const AWAY = new Set(['LogUnavailableError', 'StoreUnavailableError'])
/** In the words of the kernel, LMDB and the embedded store. */
const NO_ROOM = /ENOSPC|No space left|NOT_ENOUGH_SPACE|Cannot reserve/i
/** As ClickHouse says it (UNKNOWN_DATABASE). */
const NO_DATABASE = /^Database \S+ does not exist/
const NO_RIGHT = new Set(['EACCES', 'EROFS', 'EPERM'])

/** The sentence for an error thrown while a role starts; null when it is not one an operator can mend. */
export function startSentence(error: unknown): string | null {
  if (!(error instanceof Error)) return null
  if (error instanceof StartError || NAMED.has(error.name)) return error.message
  if (error.name === 'LogLockedError') return `Another Skein runs on this data directory: ${error.message}, or set SKEIN_DATA_DIR to another one.`
  if (isDiskFull(error)) return `The disk of the data directory is full: ${error.message}.`
  if (AWAY.has(error.name)) return awaySentence(error.message)
  const { code = '', port, address } = error as NodeJS.ErrnoException & { port?: number; address?: string }
  if (port !== undefined || address !== undefined) return addressSentence(code, port, address)
  if (NO_RIGHT.has(code)) return `The data directory cannot be written: ${error.message}. Give this user the right, or set SKEIN_DATA_DIR.`
  return null
}

function awaySentence(message: string): string {
  if (NO_DATABASE.test(message)) return 'ClickHouse has no database of Skein yet: run skein migrate first.'
  return `What Skein needs does not answer: ${message}. Start it, or mend SKEIN_KAFKA_BROKERS or SKEIN_CLICKHOUSE_URL.`
}

/** True when room on the disk is all that is missing. */
export function isDiskFull(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  return (error as NodeJS.ErrnoException).code === 'ENOSPC' || NO_ROOM.test(error.message) || isDiskFull(error.cause)
}

function addressSentence(code: string, port: number | undefined, address: string | undefined): string | null {
  if (code === 'EADDRINUSE') return `Port ${port} is in use on ${address}: stop what listens there, or choose another (skein doctor names the settings).`
  if (code === 'EACCES') return `Port ${port} needs rights this user does not have: choose one above 1023.`
  if (code === 'EADDRNOTAVAIL') return `The address ${address} is not one of this machine's: set SKEIN_HOST to one that is.`
  return null
}

/** 69 when what Skein needs does not answer and 75 for want of room, so that it is tried again; else 78, for somebody has to mend something. */
export function startExit(error: unknown): number {
  if (error instanceof StartError) return error.exitCode
  if (isDiskFull(error)) return Exit.temporary
  return error instanceof Error && AWAY.has(error.name) ? Exit.unavailable : Exit.config
}
