import { relative } from 'node:path'
import { type Config, configSchema } from '@skein/schemas/config'
import { ConfigError, loadConfig } from '../config.ts'
import { prepareDataDirectory } from '../data-directory.ts'
import { STOP_DEADLINE_MS } from '../process-role.ts'
import { Exit, StartError } from '../start-error.ts'
import { createStopWishes } from '../stop-wishes.ts'
import { createSupervisor } from '../supervisor.ts'
import { banner, type Running } from './banner.ts'
import { diskFindings } from './doctor.ts'

/** `skein up`: collector and engine as two processes on embedded drivers, until a signal. Resolves with the exit status. */
export async function up(config: Config, entry: string, configPath: string | undefined): Promise<number> {
  if (config.kafka.brokers.length > 0 || config.clickhouse.url !== undefined)
    throw new StartError(
      'skein up runs on the embedded log and store: unset SKEIN_KAFKA_BROKERS and SKEIN_CLICKHOUSE_URL, or start skein collector, skein ingest and skein query as processes of their own.',
    )
  const directory = await prepareDataDirectory(config)
  const written = await writtenConfig(configPath)
  const startedAt = performance.now()
  const ready = new Map<string, Record<string, string | number>>()
  const configArgs = configPath === undefined ? [] : ['--config', configPath]
  const print = (text: string): void => void process.stdout.write(`${text}\n`)
  const slow = setTimeout(() => print('Still starting: the store is being opened or brought up to date …'), 8000).unref()
  const supervisor = createSupervisor(
    entry,
    [
      { name: 'collector', args: ['collector', ...configArgs], oomScore: 0 },
      { name: 'engine', args: ['engine', ...configArgs], oomScore: 500 },
    ],
    {
      ready(name, details) {
        const first = !ready.has(name)
        ready.set(name, details)
        const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
        if (!first) print(`The ${name} is back.`)
        else if (name === 'collector') print(`Accepting spans after ${seconds} s; opening the store …`)
        if (!first || ready.size < 2) return
        clearTimeout(slow)
        print(banner(config, { configPath, written, directory: near(directory), ports: portsOf(ready), seconds }))
        void warnOfDisk(config, print)
      },
      restarting: (name, why, delayMs) => print(`The ${name} ended (${why}); starting it again in ${delayMs / 1000} s. What was acknowledged is safe.`),
    },
  )
  supervisor.start()
  const stopped = stopOnSignal(supervisor)
  const end = await Promise.race([supervisor.failed.then((sentence) => ({ sentence })), stopped.then((exitCode) => ({ exitCode }))])
  if ('exitCode' in end) return end.exitCode
  await supervisor.stop(STOP_DEADLINE_MS / 2)
  throw new StartError(end.sentence)
}

function stopOnSignal(supervisor: ReturnType<typeof createSupervisor>): Promise<number> {
  return new Promise((resolve) => {
    const wishes = createStopWishes(() => performance.now())
    const stop = (): void => {
      const wish = wishes.next()
      if (wish === 'same') return
      if (wish === 'force') {
        process.stdout.write('Ending at once. What was acknowledged is safe in the log.\n')
        supervisor.kill()
        resolve(Exit.failure)
        return
      }
      process.stdout.write('Stopping (a second Ctrl-C ends at once) …\n')
      void supervisor.stop(STOP_DEADLINE_MS / 2).then(({ remaining }) => resolve(remaining === 0 ? Exit.ok : Exit.failure))
    }
    process.on('SIGINT', stop)
    process.on('SIGTERM', stop)
  })
}

/** Settings as the file has them. One that needs the environment to be right says no more than none. */
async function writtenConfig(configPath: string | undefined): Promise<Config> {
  try {
    return await loadConfig(configPath, {})
  } catch (error) {
    if (error instanceof ConfigError) return configSchema.parse({})
    throw error
  }
}

/** Short for what lies below where one stands. */
function near(directory: string): string {
  const path = relative(process.cwd(), directory)
  return path === '' || path.startsWith('..') ? directory : path
}

function portsOf(ready: ReadonlyMap<string, Record<string, string | number>>): Running['ports'] {
  const { otlpHttp, otlpGrpc } = ready.get('collector') ?? {}
  return { otlpHttp: Number(otlpHttp), otlpGrpc: Number(otlpGrpc), http: Number(ready.get('engine')?.['http']) }
}

/** A disk without room would else be found out from the senders. */
async function warnOfDisk(config: Config, print: (text: string) => void): Promise<void> {
  for (const { level, what, mend } of await diskFindings(config)) if (level === 'fail') print(`Attention: ${what}: ${mend}.`)
}
