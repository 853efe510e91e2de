// What `npm start` and `npm test` do first. Plain JavaScript without dependencies: nothing is installed yet.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildStamped, isBuilt } from './stamped-build.mjs'

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(
    `skein: Node ${process.versions.node} is too old to install Skein; use Node 20.19 or newer. Node 24, which Skein runs on, is installed by itself.`,
  )
  process.exit(1)
}

/** Path of the Node 24 that the npm package `node` brought. */
export function node24() {
  return join(root, 'node_modules', 'node', 'bin', 'node')
}

/** Environment in which `node` and every tool of node_modules are found first. */
export function toolEnvironment() {
  const path = [join(root, 'node_modules', 'node', 'bin'), join(root, 'node_modules', '.bin'), process.env.PATH ?? ''].join(':')
  return { ...process.env, PATH: path, NEXT_TELEMETRY_DISABLED: '1' }
}

export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: 'inherit', env: toolEnvironment(), ...options })
    child.on('error', reject)
    child.on('exit', (code, signal) => (code === 0 ? resolve() : reject(new Error(`${command} ${args.join(' ')} ${endOf(code, signal)}`))))
  })
}

/** Says how a process ended; SIGKILL out of nowhere is how the kernel takes memory back. */
export function endOf(code, signal) {
  if (signal === 'SIGKILL') return 'was killed (SIGKILL): most likely the machine had no memory left for it'
  return signal === null ? `ended with ${code}` : `was ended by ${signal}`
}

function digest(paths) {
  const hash = createHash('sha256')
  for (const path of paths) hash.update(path).update(readFileSync(join(root, path)))
  return hash.digest('hex')
}

function filesUnder(folder) {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\.(test|bench)\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .sort()
}

/** True when node_modules holds what the lockfile names: npm keeps a lockfile of what it installed. Packages for other platforms may be missing. */
export function isInstalled() {
  const read = (path) => JSON.parse(readFileSync(join(root, path), 'utf8')).packages
  try {
    const installed = read('node_modules/.package-lock.json')
    const wanted = Object.entries(read('package-lock.json')).filter(([path, entry]) => path.startsWith('node_modules/') && !entry.optional && !entry.peer)
    return existsSync(node24()) && wanted.every(([path, { version }]) => installed[path] !== undefined && installed[path].version === version)
  } catch {
    return false
  }
}

/** `npm ci` when node_modules does not belong to this lockfile. */
export async function ensureInstalled() {
  if (isInstalled()) return
  console.error('skein: installing packages (once, about a minute) …')
  await run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { env: process.env, stdio: ['ignore', 2, 2] }).catch((error) => {
    console.error(
      `skein: npm could not install the packages: ${error.message}. Check the network or the npm registry setting (npm config get registry), then run the command again.`,
    )
    process.exit(1)
  })
}

const WEB = join(root, 'web', 'out')

function webDigest() {
  return digest(['package-lock.json', 'web/package.json', 'web/next.config.ts', ...filesUnder('web/src'), ...filesUnder('schemas/src')])
}

export function isWebBuilt() {
  return isBuilt(WEB, webDigest)
}

const WORKERS = join(root, 'ingest', 'dist')
const WORKER_ENTRIES = ['worker-main', 'log-worker-main'].map((entry) => join(root, 'ingest', 'src', 'pipeline', `${entry}.ts`))

function workersDigest() {
  return digest(['package-lock.json', ...['ingest', 'schemas', 'store', 'eventlog'].flatMap((room) => filesUnder(`${room}/src`))])
}

/** With this in its environment Skein runs the workers that `ensureWorkers` made; without, their sources. */
export const BUILT_WORKERS = { SKEIN_INTERNAL_BUILT_WORKERS: '1' }

/**
 * Makes one script of each worker of ingest when ingest/dist is not made from these sources: what one module names in another is looked up each time it is
 * used, what is in the same script the engine knows. A fourteenth of a worker's time, and half of its start.
 */
export async function ensureWorkers() {
  if (isBuilt(WORKERS, workersDigest)) return
  const options = ['--platform', 'node', '--format', 'esm', '--dir', WORKERS, '--log-level', 'silent']
  const rolldown = () => run(join(root, 'node_modules', '.bin', 'rolldown'), [...WORKER_ENTRIES, ...options], { stdio: ['ignore', 'ignore', 2] })
  await buildStamped(WORKERS, workersDigest, rolldown).catch((error) => {
    console.error(`skein: the workers of ingest could not be built: ${error.message}.`)
    process.exit(1)
  })
}

/** Says before minutes are spent that a port of `skein up` is taken. Not where a file, which nothing can read yet, may name other ports. */
export async function ensurePorts(args) {
  if (args.includes('--config') || existsSync('skein.yaml')) return
  const { SKEIN_OTLP_GRPC_PORT, SKEIN_OTLP_HTTP_PORT, SKEIN_HTTP_PORT, SKEIN_HOST = '127.0.0.1' } = process.env
  for (const port of [SKEIN_OTLP_GRPC_PORT ?? 4317, SKEIN_OTLP_HTTP_PORT ?? 4318, SKEIN_HTTP_PORT ?? 8080]) {
    const server = createServer().listen(Number(port), SKEIN_HOST)
    const error = await Promise.race([once(server, 'listening').then(() => null), once(server, 'error').then(([reason]) => reason)]).catch((reason) => reason)
    server.close()
    if (error?.code !== 'EADDRINUSE') continue
    console.error(`skein: Port ${port} is in use on ${SKEIN_HOST}: stop what listens there, or choose another (docs/settings.md names the settings).`)
    process.exit(78)
  }
}

/** `next build` when web/out is not made from these sources. */
export async function ensureWeb() {
  if (isWebBuilt()) return
  console.error('skein: building the web interface (once, about half a minute) …')
  const next = () => run(join(root, 'node_modules', '.bin', 'next'), ['build'], { cwd: join(root, 'web'), stdio: ['ignore', 'ignore', 2] })
  await buildStamped(WEB, webDigest, next).catch((error) => {
    console.error(`skein: the web interface could not be built: ${error.message}.`)
    process.exit(1)
  })
}
