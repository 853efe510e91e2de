/** A process that ends in one of the ways that applications do, after it said `up`; what is sent shows on its output. */
import { endWithTelemetry } from './shut-down.ts'

const say = (text: string): void => void process.stdout.write(`${text}\n`)
const soon = async (what: string): Promise<void> => {
  await new Promise((resolve) => setTimeout(resolve, 50))
  say(what)
}
endWithTelemetry(
  process,
  () => soon('shut down'),
  () => soon('flushed'),
)

const again = (): void => void process.kill(process.pid, 'SIGTERM')
/** As the library signal-exit: it ends the process when it sees no listeners but its own. */
const asSignalExit = (): void => {
  if (process.listenerCount('SIGTERM') > 1) return
  process.off('SIGTERM', asSignalExit)
  again()
}
const WAYS: Readonly<Record<string, () => void>> = {
  nobody: () => undefined,
  stays: () => void process.on('SIGTERM', () => say('not now')),
  own: () => void process.on('SIGTERM', () => setTimeout(() => process.exit(7), 200)),
  again: () => void process.once('SIGTERM', again),
  signalExit: () => void process.on('SIGTERM', asSignalExit),
  throws: () => void process.on('SIGUSR2', () => fail()),
  exits: () => void process.on('SIGUSR2', () => process.exit(3)),
}

function fail(): never {
  throw new Error('broken')
}

WAYS[process.argv[2] ?? '']?.()
const up = setInterval(() => undefined, 1000)
process.on('SIGUSR1', () => clearInterval(up))
say('up')
