import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readdir, stat, statfs } from 'node:fs/promises'
import { createServer } from 'node:net'
import { availableParallelism, freemem, totalmem } from 'node:os'
import { join, resolve } from 'node:path'
import type { MetadataStore } from '@skein/metadata/contract'
import { createLogRules } from '@skein/metadata/log-rules'
import { createScenarios } from '@skein/metadata/scenarios'
import type { Config } from '@skein/schemas/config'
import { rulesFileOf } from '@skein/schemas/rules/rules-file'
import { prepareDataDirectory } from '../data-directory.ts'
import { openKeys } from '../roles/metadata.ts'

export interface Finding {
  level: 'ok' | 'warn' | 'fail'
  what: string
  /** What to do, for `warn` and `fail`. */
  mend?: string
}

const GIB = 1024 ** 3

/** Looks at what Skein needs, changes nothing but making the data directory, and says what to do. */
export async function examine(config: Config): Promise<Finding[]> {
  const ports = [
    { port: config.ports.otlpGrpc, use: 'OTLP gRPC', setting: 'SKEIN_OTLP_GRPC_PORT' },
    { port: config.ports.otlpHttp, use: 'OTLP HTTP', setting: 'SKEIN_OTLP_HTTP_PORT' },
    { port: config.ports.http, use: 'web and API', setting: 'SKEIN_HTTP_PORT' },
  ]
  return [
    nodeVersion(),
    ...(await portFindings(config, ports)),
    await dataDirectory(config),
    ...(await diskFindings(config)),
    ...(await logFindings(config)),
    memory(),
    ...(await engine(config)),
    ...(await broker(config)),
    ...(await definitions(config)),
  ]
}

function nodeVersion(): Finding {
  const [major = 0] = process.versions.node.split('.').map(Number)
  const what = `Node ${process.versions.node}, ${availableParallelism()} cores`
  return major >= 24
    ? { level: 'ok', what }
    : { level: 'fail', what, mend: 'start Skein with `npm start` or `npx skein`, which run on the Node 24 of its packages' }
}

interface WantedPort {
  port: number
  use: string
  setting: string
}

/** A port that is taken is right while a Skein runs here. */
async function portFindings({ host, ports }: Config, wanted: readonly WantedPort[]): Promise<Finding[]> {
  const taken = await Promise.all(wanted.map(({ port }) => portError(host, port)))
  const runs = taken.includes('EADDRINUSE') && (await Promise.all([isAlive(host, ports.otlpHttp), isAlive(host, ports.http)])).every(Boolean)
  return wanted.map(({ port, use, setting }, i): Finding => {
    const what = `port ${port} on ${host} (${use})`
    const error = taken[i] ?? null
    if (error === null) return { level: 'ok', what: `${what} is free` }
    if (error === 'EADDRINUSE' && runs) return { level: 'ok', what: `${what} serves: Skein is running` }
    return { level: 'fail', what: `${what}: ${error === 'EADDRINUSE' ? 'in use' : error}`, mend: `stop what listens there, or set ${setting}` }
  })
}

function portError(host: string, port: number): Promise<string | null> {
  return new Promise((done) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => done(error.code ?? error.message))
    server.listen(port, host, () => server.close(() => done(null)))
  })
}

async function isAlive(host: string, port: number): Promise<boolean> {
  const own = host === '0.0.0.0' || host === '::' ? 'localhost' : host
  try {
    const response = await fetch(`http://${own}:${port}/livez`, { signal: AbortSignal.timeout(3000) })
    return response.ok && (await response.text()) === 'ok\n'
  } catch {
    return false
  }
}

async function dataDirectory(config: Config): Promise<Finding> {
  try {
    return { level: 'ok', what: `data directory ${await prepareDataDirectory(config)} can be written` }
  } catch (error) {
    return { level: 'fail', what: 'data directory', mend: (error as Error).message }
  }
}

/** How much room there is for data; nothing where that cannot be asked. */
export async function diskFindings(config: Config): Promise<Finding[]> {
  const room = await statfs(resolve(config.dataDir)).catch(() => null)
  if (room === null) return []
  const free = room.bavail * room.bsize
  const what = `${(free / GIB).toFixed(1)} GiB free on the data disk`
  if (free < config.log.reserveBytes)
    return [{ level: 'fail', what, mend: `free some: below ${(config.log.reserveBytes / GIB).toFixed(1)} GiB (log.reserveBytes) intake answers 503` }]
  return [
    free < 10 * GIB
      ? { level: 'warn', what, mend: 'a busy day of traces needs more; set retention.spansDays lower or use a larger disk' }
      : { level: 'ok', what },
  ]
}

const FULL_SHARE = 0.98

/** How near the embedded log is to its quota; nothing where that cannot be asked. */
async function logFindings({ kafka, dataDir, log: { quotaBytes } }: Config): Promise<Finding[]> {
  const directory = resolve(dataDir, 'log')
  if (kafka.brokers.length > 0 || !existsSync(directory)) return []
  // A directory that goes while it is read, or is another user's, tells nothing.
  const files = await readdir(directory, { recursive: true, withFileTypes: true }).catch(() => null)
  if (files === null) return []
  const sizes = await Promise.all(files.filter((file) => file.isFile()).map(({ parentPath, name }) => sizeOf(join(parentPath, name))))
  const used = sizes.reduce((sum, size) => sum + size, 0)
  const what = `the log holds ${(used / GIB).toFixed(1)} of ${(quotaBytes / GIB).toFixed(1)} GiB`
  const mend = 'intake answers 503 until older data was stored and removed: look at what is waiting on the page Intake, or set log.quotaBytes higher'
  return [used > quotaBytes * FULL_SHARE ? { level: 'fail', what, mend } : { level: 'ok', what }]
}

/** Nothing for a file that was removed meanwhile. */
function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  )
}

function memory(): Finding {
  const what = `${(freemem() / GIB).toFixed(1)} of ${(totalmem() / GIB).toFixed(1)} GiB memory free`
  return totalmem() < 2 * GIB ? { level: 'warn', what, mend: 'Skein wants 2 GiB; set store.memoryBytes lower' } : { level: 'ok', what }
}

async function engine(config: Config): Promise<Finding[]> {
  if (config.clickhouse.url === undefined) {
    try {
      await import('chdb/connection')
      return [{ level: 'ok', what: 'embedded store (chDB) loads' }]
    } catch (error) {
      return [
        {
          level: 'fail',
          what: `embedded store (chDB): ${(error as Error).message}`,
          mend: 'remove node_modules and run npm start again; on a platform without chDB set SKEIN_CLICKHOUSE_URL',
        },
      ]
    }
  }
  const url = new URL('/ping', config.clickhouse.url)
  const answer = await fetch(url, { signal: AbortSignal.timeout(3000) }).then(
    (response) => response.ok,
    () => false,
  )
  const what = `ClickHouse at ${url.host}`
  return [
    answer ? { level: 'ok', what: `${what} answers` } : { level: 'fail', what: `${what} does not answer`, mend: 'start it, or mend SKEIN_CLICKHOUSE_URL' },
  ]
}

async function broker(config: Config): Promise<Finding[]> {
  const { connect } = await import('node:net')
  return Promise.all(
    config.kafka.brokers.map(
      (address) =>
        new Promise<Finding>((done) => {
          const [host = '', port = '9092'] = address.split(':')
          const socket = connect({ host, port: Number(port), timeout: 3000 })
          const end = (finding: Finding): void => {
            socket.destroy()
            done(finding)
          }
          const refuse = (): void => end({ level: 'fail', what: `Kafka at ${address} does not answer`, mend: 'start it, or mend SKEIN_KAFKA_BROKERS' })
          socket.once('connect', () => end({ level: 'ok', what: `Kafka at ${address} answers` }))
          socket.once('error', refuse)
          socket.once('timeout', refuse)
        }),
    ),
  )
}

/** Rules and scenarios that nobody can read do nothing: told here. */
async function definitions(config: Config): Promise<Finding[]> {
  if (config.keysFile === undefined && !existsSync(resolve(config.dataDir))) return []
  const { metadata } = openKeys(config)
  try {
    return [...(await rules(metadata)), ...(await scenarios(metadata))]
  } finally {
    await metadata.close()
  }
}

async function rules(metadata: MetadataStore): Promise<Finding[]> {
  const logRules = createLogRules({ metadata, clock: () => Date.now(), randomBytes })
  const keys = (await metadata.list('log-')).map(({ key }) => key)
  const tenants = [...new Set(keys.flatMap((key) => /^log-(?:rule|order)\/([^/]+)/.exec(key)?.[1] ?? []))]
  const read = await Promise.all(tenants.map((tenant) => logRules.of(decodeURIComponent(tenant))))
  // Rules that were removed are kept for what they dropped.
  const count = read.flatMap((each) => rulesFileOf(each.rules).pipelines.flatMap((pipeline) => pipeline.rules)).length
  return readable('rules on logs', { unreadable: read.flatMap(({ unreadable }) => unreadable), count })
}

async function scenarios(metadata: MetadataStore): Promise<Finding[]> {
  const kept = createScenarios({ metadata, clock: () => Date.now(), randomBytes })
  return readable('scenarios', { unreadable: await kept.unreadable(), count: (await kept.list()).length })
}

function readable(what: string, { unreadable, count }: { unreadable: readonly string[]; count: number }): Finding[] {
  const mend = 'mend it where it is written, or remove it: until then it does nothing'
  if (unreadable.length > 0) return unreadable.map((key): Finding => ({ level: 'warn', what: `${what}: ${key} cannot be read`, mend }))
  return [{ level: 'ok', what: count === 0 ? `no ${what}` : `${what} that can be read: ${count}` }]
}

/** Prints the findings; returns the exit status: 0 when nothing fails. */
export function report(findings: readonly Finding[], print: (line: string) => void): number {
  const marks = { ok: 'ok  ', warn: 'warn', fail: 'FAIL' }
  for (const { level, what, mend } of findings) {
    print(`${marks[level]}  ${what}`)
    if (mend !== undefined) print(`      → ${mend}`)
  }
  return findings.some((finding) => finding.level === 'fail') ? 1 : 0
}
