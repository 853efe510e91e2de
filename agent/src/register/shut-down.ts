const SHUT_DOWN_MS = 5000

/** As much of `process` as is needed. */
export interface EndingProcess {
  readonly pid: number
  on(event: NodeJS.Signals | 'beforeExit', listener: () => void): unknown
  on(event: 'removeListener', listener: (event: string | symbol) => void): unknown
  off(event: NodeJS.Signals, listener: () => void): unknown
  off(event: 'removeListener', listener: (event: string | symbol) => void): unknown
  listenerCount(event: NodeJS.Signals): number
  kill(pid: number, signal: NodeJS.Signals): unknown
}

/**
 * Sends what is left before the process ends, in 5 s at most. A signal that nobody else listens to ends the process as it would have without us; where
 * the application listens, it decides when to end, and what waits is sent at once. When the last of its listeners goes to raise the signal again, that
 * one is ours to send, and then it ends the process.
 */
export function endWithTelemetry(target: EndingProcess, shutDown: () => Promise<void>, flush: () => Promise<void>): void {
  let ending: Promise<void> | null = null
  const end = (): Promise<void> => (ending ??= within(shutDown()))
  target.on('beforeExit', () => void end())
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    const listener = (): void => {
      if (target.listenerCount(signal) > 1) {
        stepAside(target, signal, listener)
        return void within(flush())
      }
      void end().then(() => {
        target.off(signal, listener)
        target.kill(target.pid, signal)
      })
    }
    target.on(signal, listener)
  }
}

/**
 * While the application's listeners are told, ours is not among them: libraries such as signal-exit end the process only when they see none but their
 * own. It is back before a signal that they raise again can come.
 */
function stepAside(target: EndingProcess, signal: NodeJS.Signals, listener: () => void): void {
  const comeBack = (): void => {
    target.off('removeListener', onRemoved)
    clearImmediate(later)
    target.on(signal, listener)
  }
  const onRemoved = (event: string | symbol): void => {
    if (event === signal && target.listenerCount(signal) === 0) comeBack()
  }
  target.off(signal, listener)
  target.on('removeListener', onRemoved)
  const later = setImmediate(comeBack)
}

/** What cannot be sent in time is given up: the process must end. */
function within(done: Promise<void>): Promise<void> {
  const late = new Promise<void>((resolve) => void setTimeout(resolve, SHUT_DOWN_MS).unref())
  return Promise.race([done.catch(() => undefined), late])
}
