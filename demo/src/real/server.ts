import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, chownSync, constants, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import process from 'node:process'
import { promisify } from 'node:util'
import type { Ward } from '../setting.ts'

/** A server of this machine that the demo runs for itself, in a folder of its own. */
export interface RealServer {
  /** Name and version, for people. */
  what: string
  ward: Ward
  stop(): Promise<void>
}

/** A server that runs. */
interface Started extends Pick<RealServer, 'ward' | 'stop'> {
  /** Sends a signal, unless it has ended. */
  tell(signal: NodeJS.Signals): void
}

export const run = promisify(execFile)

const NOBODY = 65_534
const UP_WITHIN_MS = 15_000
/** Where packages put servers that are on no user's path. */
const USUAL_FOLDERS = ['/usr/local/sbin', '/usr/sbin', '/usr/lib/postgresql', '/opt/homebrew/bin']

/** Full paths of programs that lie side by side, on the path or in a usual place, so that they are of one version; null when there are none such. */
export function findPrograms<const Names extends readonly string[]>(names: Names, path: string | undefined): { [Index in keyof Names]: string } | null {
  const folders = [...(path ?? '').split(delimiter), ...USUAL_FOLDERS.flatMap(withVersions)].filter(Boolean)
  const found = folders.map((folder) => names.map((name) => join(folder, name))).find((paths) => paths.every(isProgram))
  return (found as { [Index in keyof Names]: string } | undefined) ?? null
}

/** PostgreSQL's folders have one per version, the newest first here. */
function withVersions(folder: string): string[] {
  if (!folder.endsWith('postgresql')) return [folder]
  try {
    return readdirSync(folder)
      .sort((a, b) => Number(b) - Number(a))
      .map((version) => join(folder, version, 'bin'))
  } catch {
    return []
  }
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** Who a server runs as: not root, which PostgreSQL refuses. */
export function modestUser(): { uid?: number; gid?: number } {
  return process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {}
}

/** A server that works in a temporary folder of its own, which goes with it and when it does not start. */
export async function inOwnFolder(name: string, start: (folder: string) => Promise<RealServer>): Promise<RealServer> {
  const folder = mkdtempSync(join(tmpdir(), `skein-demo-${name}-`))
  const remove = (): void => rmSync(folder, { recursive: true, force: true })
  const { uid, gid } = modestUser()
  if (uid !== undefined && gid !== undefined) chownSync(folder, uid, gid)
  try {
    const server = await start(folder)
    return { ...server, stop: () => server.stop().finally(remove) }
  } catch (error) {
    remove()
    throw error
  }
}

export interface Command {
  program: string
  args: readonly string[]
  port: number
  /** What ends it in an orderly way. */
  signal: NodeJS.Signals
  cwd: string
}

/** Starts a server and resolves when its port takes connections; rejects, with it ended, when that does not happen. */
export async function startServer({ program, args, port, signal, cwd }: Command): Promise<Started> {
  // A group of its own: Ctrl-C in the terminal ends the services first, and they still need it.
  const child = spawn(program, args, { stdio: 'ignore', cwd, detached: true, ...modestUser() })
  const failed = once(child, 'error').then(([error]) => Promise.reject(error as Error))
  failed.catch(() => undefined)
  const lastResort = (): void => void child.kill('SIGKILL')
  process.once('exit', lastResort)
  const stop = async (): Promise<void> => {
    process.off('exit', lastResort)
    if (isRunning(child)) {
      child.kill(signal)
      await once(child, 'exit')
    }
  }
  try {
    await Promise.race([untilUp(child, port), failed])
    return { stop, tell: (name) => void child.kill(name), ward: { pid: child.pid ?? 0, signal, folder: cwd } }
  } catch (error) {
    await stop()
    throw error
  }
}

function isRunning(child: ChildProcess): boolean {
  return child.pid !== undefined && child.exitCode === null && child.signalCode === null
}

async function untilUp(child: ChildProcess, port: number): Promise<void> {
  const deadline = performance.now() + UP_WITHIN_MS
  while (!(await answers(port))) {
    if (!isRunning(child)) throw new Error(`it ended with ${child.exitCode ?? child.signalCode}`)
    if (performance.now() > deadline) throw new Error(`it did not listen within ${UP_WITHIN_MS} ms`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}
