import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { cp, mkdir, mkdtemp, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import process, { env } from 'node:process'
import { promisify } from 'node:util'

const run = promisify(execFile)

const KAFKA_VERSION = '4.4.0'
/** Any base64url of 16 bytes. */
const CLUSTER_ID = 'U2tlaW5UZXN0S2Fma2EwMQ'
/** Printed when the broker serves; its port is open earlier. */
const READY = 'Kafka Server started'
const READY_WITHIN_MS = 120_000
const JAVA_MAJOR = 17
const LOWEST_PORT = 15_000
const PORT_COUNT = 15_000
/** Maven Central may be slow, or fail once. */
const FETCH_TRIES = 3

/** A real Apache Kafka, one node on loopback, or the one that `SKEIN_TEST_KAFKA` names. */
export interface TestBroker {
  /** `host:port`. */
  readonly bootstrap: string
  /** False for a given broker: it cannot be killed or frozen. */
  readonly owned: boolean
  /** SIGKILL: no flush, no goodbye. */
  kill9(): Promise<void>
  /** Same ports, same data; resolves when it serves again. */
  restart(): Promise<void>
  /** SIGSTOP and SIGCONT: a broker that hangs with its sockets open. */
  freeze(): void
  thaw(): void
  /** Ends it and deletes its data. */
  destroy(): Promise<void>
}

export interface TestBrokerOptions {
  /** More `server.properties`, or others than the default. */
  properties?: Record<string, string>
  heapMegabytes?: number
}

/**
 * Why there can be no broker on this machine, or null. Under `CI` this throws instead, so that a build never passes for want of Java.
 */
export async function brokerUnavailable(): Promise<string | null> {
  if (env['SKEIN_TEST_KAFKA'] !== undefined) return null
  const reason = await missingTool()
  if (reason === null) return null
  if (env['CI'] === 'true') throw new Error(`the Kafka tests must run under CI: ${reason}`)
  console.warn(`\n  Kafka tests are SKIPPED: ${reason}\n  Install Java ${JAVA_MAJOR} or newer and Maven, or set SKEIN_TEST_KAFKA=host:port.\n`)
  return reason
}

async function missingTool(): Promise<string | null> {
  try {
    const { stderr } = await run('java', ['-version'])
    const major = Number(/version "(\d+)/.exec(stderr)?.[1] ?? 0)
    if (major < JAVA_MAJOR) return `java is version ${major}`
  } catch {
    return 'there is no java on the PATH'
  }
  if (await exists(cacheDirectory())) return null
  return run('mvn', ['-v']).then(
    () => null,
    () => 'there is no mvn on the PATH to fetch the broker with',
  )
}

/** Starts a broker in about 2 s; the first on a machine also fetches 43 MB of jars. */
export async function startTestBroker(options: TestBrokerOptions = {}): Promise<TestBroker> {
  const given = env['SKEIN_TEST_KAFKA']
  if (given !== undefined) return givenBroker(given)
  const cache = await install()
  const directory = await mkdtemp(join(tmpdir(), 'skein-kafka-'))
  const [port = 0, controllerPort = 0] = await freePorts(2)
  await cp(join(cache, 'formatted'), join(directory, 'data'), { recursive: true })
  await writeFile(join(directory, 'server.properties'), serverProperties(join(directory, 'data'), [port, controllerPort], options.properties))
  const broker = ownBroker({ cache, directory, bootstrap: `127.0.0.1:${port}`, heapMegabytes: options.heapMegabytes ?? 256 })
  await broker.restart()
  return broker
}

function givenBroker(bootstrap: string): TestBroker {
  const refuse = (): never => {
    throw new Error(`${bootstrap} was given by SKEIN_TEST_KAFKA and is not ours to stop`)
  }
  return { bootstrap, owned: false, kill9: refuse, restart: refuse, freeze: refuse, thaw: refuse, destroy: () => Promise.resolve() }
}

interface OwnBroker {
  cache: string
  directory: string
  bootstrap: string
  heapMegabytes: number
}

function ownBroker({ cache, directory, bootstrap, heapMegabytes }: OwnBroker): TestBroker {
  const logFile = join(directory, 'broker.log')
  let child: ChildProcess | null = null

  const running = (): boolean => child !== null && child.exitCode === null && child.signalCode === null
  const killNow = (): void => void child?.kill('SIGKILL')

  async function kill9(): Promise<void> {
    process.off('exit', killNow)
    if (child === null || !running()) return
    const exit = once(child, 'exit')
    child.kill('SIGKILL')
    await exit
  }

  async function untilReady(logOffset: number): Promise<void> {
    const deadline = performance.now() + READY_WITHIN_MS
    for (;;) {
      const said = (await readFile(logFile)).subarray(logOffset).toString()
      if (said.includes(READY)) return
      if (!running() || performance.now() > deadline) {
        await kill9()
        throw new Error(`Kafka did not start: ${said.slice(-2000)}`)
      }
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }

  return {
    bootstrap,
    owned: true,
    kill9,
    restart: async () => {
      await kill9()
      const log = await open(logFile, 'a')
      const from = (await log.stat()).size
      child = spawn('java', javaArguments(cache, directory, heapMegabytes), { stdio: ['ignore', 'ignore', log.fd] })
      await log.close()
      // A test run that ends early leaves no broker behind.
      process.once('exit', killNow)
      await untilReady(from)
    },
    freeze: () => void child?.kill('SIGSTOP'),
    thaw: () => void child?.kill('SIGCONT'),
    destroy: async () => {
      await kill9()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

function javaArguments(cache: string, directory: string, heapMegabytes: number): string[] {
  const memory = [`-Xmx${heapMegabytes}m`, '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC']
  const logging = ['-Dorg.slf4j.simpleLogger.defaultLogLevel=warn', '-Dorg.slf4j.simpleLogger.log.kafka.server.KafkaRaftServer=info']
  return [...memory, ...logging, '-cp', join(cache, 'jars', '*'), 'kafka.Kafka', join(directory, 'server.properties')]
}

function cacheDirectory(): string {
  return join(env['SKEIN_CACHE'] ?? join(homedir(), '.cache', 'skein'), `kafka-${KAFKA_VERSION}`)
}

/** Fetches the jars and formats one empty data directory as a template: once per machine and version. */
async function install(): Promise<string> {
  const cache = cacheDirectory()
  if (await exists(cache)) return cache
  await mkdir(join(cache, '..'), { recursive: true })
  const fresh = await mkdtemp(`${cache}-`)
  await fetchJars(join(fresh, 'jars'))
  const config = join(fresh, 'format.properties')
  await writeFile(config, serverProperties(join(fresh, 'formatted'), [9092, 9093]))
  const format = ['kafka.tools.StorageTool', 'format', '--cluster-id', CLUSTER_ID, '--config', config]
  await run('java', ['-Xmx128m', '-cp', join(fresh, 'jars', '*'), ...format])
  // Another process may have been first.
  await rename(fresh, cache).catch(() => rm(fresh, { recursive: true }))
  return cache
}

async function fetchJars(directory: string): Promise<void> {
  const goal = ['dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${directory}`]
  for (let left = FETCH_TRIES; ; left--) {
    try {
      await run('mvn', ['-q', '-B', '-f', join(import.meta.dirname, 'pom.xml'), ...goal])
      return
    } catch (error) {
      if (left === 1) throw error
    }
  }
}

function serverProperties(logDirectory: string, [port, controllerPort]: readonly [number, number], extra: Record<string, string> = {}): string {
  const properties: Record<string, string> = {
    'process.roles': 'broker,controller',
    'node.id': '1',
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
    'controller.listener.names': 'CONTROLLER',
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
    'log.dirs': logDirectory,
    'auto.create.topics.enable': 'false',
    // The internal topics want three replicas and would never come to be on one node.
    'offsets.topic.replication.factor': '1',
    'offsets.topic.num.partitions': '1',
    'transaction.state.log.replication.factor': '1',
    'transaction.state.log.min.isr': '1',
    'transaction.state.log.num.partitions': '1',
    'share.coordinator.state.topic.replication.factor': '1',
    'share.coordinator.state.topic.min.isr': '1',
    'share.coordinator.state.topic.num.partitions': '1',
    'group.initial.rebalance.delay.ms': '0',
    'group.min.session.timeout.ms': '1000',
    // After kill -9 the controller refuses the node until its session ends: 12 s by default, 3 s so.
    'broker.session.timeout.ms': '2000',
    'broker.heartbeat.interval.ms': '200',
    'log.cleaner.dedupe.buffer.size': '2097152',
    ...extra,
  }
  return Object.entries(properties)
    .map(([key, value]) => `${key}=${value}\n`)
    .join('')
}

/**
 * Free ports below those that the kernel gives to whoever connects: while a broker is down, a client that tries its port again and again
 * could otherwise be given that very port, meet itself there and keep the broker from coming back.
 */
async function freePorts(count: number): Promise<number[]> {
  const ports = new Set<number>()
  while (ports.size < count) {
    const port = LOWEST_PORT + randomInt(PORT_COUNT)
    if (await isFree(port)) ports.add(port)
  }
  return [...ports]
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}
