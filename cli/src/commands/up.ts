import { relative } from 'node:path'
import type { Config } from '@skein/schemas/config'
import { prepareDataDirectory } from '../data-directory.ts'
import { STOP_DEADLINE_MS } from '../process-role.ts'
import { Exit, StartError } from '../start-error.ts'
import { createStopWishes } from '../stop-wishes.ts'
import { createSupervisor } from '../supervisor.ts'
import { skeinVersion } from '../version.ts'

/** `skein up`: collector and engine as two processes on embedded drivers, until a signal. Resolves with the exit status. */
export async function up(config: Config, entry: string, configPath: string | undefined): Promise<number> {
  if (config.kafka.brokers.length > 0 || config.clickhouse.url !== undefined)
    throw new StartError(
      'skein up runs on the embedded log and store: unset SKEIN_KAFKA_BROKERS and SKEIN_CLICKHOUSE_URL, or start skein collector, skein ingest and skein query as processes of their own.',
    )
  const directory = await prepareDataDirectory(config)
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
        print(banner(config, relative(process.cwd(), directory) || directory, ready, seconds))
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

function banner(config: Config, directory: string, ready: ReadonlyMap<string, Record<string, string | number>>, seconds: string): string {
  const collector = ready.get('collector') ?? {}
  const engine = ready.get('engine') ?? {}
  const host = config.host === '0.0.0.0' || config.host === '::' ? 'localhost' : config.host
  const otlp = `http://${host}:${collector['otlpHttp']}`
  return [
    '',
    `Skein ${skeinVersion()} is up after ${seconds} s`,
    `  Web and API  http://${host}:${engine['http']}`,
    `  OTLP         ${otlp} (HTTP), http://${host}:${collector['otlpGrpc']} (gRPC)`,
    `  Data         ${directory}`,
    '',
    'Send traces and logs from any OpenTelemetry SDK:',
    `  OTEL_EXPORTER_OTLP_ENDPOINT=${otlp} node app.js`,
    'Or see a small TV operator on the map, from a second terminal:',
    '  npm run demo',
    'Stop with Ctrl-C.',
    '',
  ].join('\n')
}
