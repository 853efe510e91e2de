import { createStopWishes } from './stop-wishes.ts'
import { Exit, startExit, startSentence } from './start-error.ts'
import type { Logger } from './logger.ts'

/** A role of this process, stopped from the source end. */
export interface Role {
  /** What the supervisor and the operator want to know once it runs. */
  readonly ready: Readonly<Record<string, string | number>>
  stop(deadlineMs: number): Promise<void>
  /** Rejects when the role cannot go on by itself. */
  readonly failed: Promise<never>
}

export const STOP_DEADLINE_MS = 10_000
/** How often a role tells its supervisor that its event loop turns. */
export const ALIVE_MS = 5000

/**
 * Runs a role until SIGTERM or SIGINT: clean stop within 10 s, exit 0; at the deadline it kills itself, and so it does on a later
 * signal without a supervisor, on an error that nobody expected, and when it cannot go on.
 * A start that fails for a reason an operator can mend prints one sentence and exits 78, or 69 when what it needs does not answer.
 */
export async function runRole(logger: Logger, start: () => Promise<Role>): Promise<void> {
  let role: Role | null = null
  const wishes = createStopWishes(() => performance.now())
  const stop = (signal: string): void => {
    const wish = wishes.next()
    // A supervisor that is in a hurry kills: until then a service manager's signal and its own are one, however far apart.
    if (wish === 'force' && process.send === undefined) endHard()
    if (wish !== 'stop') return
    logger.info({ event: 'stopping' }, `Stopping on ${signal}`)
    setTimeout(() => {
      logger.error({ event: 'stop_deadline' }, 'Did not stop in time; what was acknowledged is safe in the log')
      endHard()
    }, STOP_DEADLINE_MS).unref()
    const stopped = role === null ? Promise.resolve() : role.stop(STOP_DEADLINE_MS - 1000)
    stopped.then(
      () => process.exit(Exit.ok),
      (error: unknown) => {
        logger.error({ event: 'stop_failed', err: String(error) }, 'Stop failed')
        endHard()
      },
    )
  }
  process.on('SIGTERM', () => stop('SIGTERM'))
  process.on('SIGINT', () => stop('SIGINT'))
  process.on('uncaughtException', (error) => {
    logger.fatal({ event: 'crashed', err: errorText(error) }, 'An error that nobody expected; ending so that it is started again')
    endHard()
  })
  process.on('disconnect', () => stop('the end of its supervisor'))
  try {
    role = await start()
  } catch (error) {
    failStart(logger, error)
    return
  }
  process.send?.({ ready: role.ready })
  if (process.send !== undefined) setInterval(() => process.send?.({ alive: true }), ALIVE_MS).unref()
  logger.info({ event: 'ready', ...role.ready }, 'Ready')
  role.failed.catch((error: unknown) => {
    logger.fatal({ event: 'role_failed', err: errorText(error) }, 'Cannot go on; ending so that it is started again')
    endHard()
  })
}

/**
 * Ends whatever the threads do: `process.exit` waits for those of the pool, and one that a library keeps would hold up the end, and so the
 * next start, for ever.
 */
function endHard(): void {
  process.kill(process.pid, 'SIGKILL')
}

function failStart(logger: Logger, error: unknown): void {
  const sentence = startSentence(error)
  if (sentence === null) {
    logger.fatal({ event: 'start_failed', err: errorText(error) }, 'Could not start')
    return endHard()
  }
  if (process.send === undefined) process.stderr.write(`skein: ${sentence}\n`, () => process.exit(startExit(error)))
  else process.send({ startError: sentence, status: startExit(error) }, endHard)
}

/** The error and what caused it, with stacks. */
function errorText(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const own = error.stack ?? error.message
  return error.cause === undefined ? own : `${own}\ncaused by ${errorText(error.cause)}`
}
