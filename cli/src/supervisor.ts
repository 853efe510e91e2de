import { type ChildProcess, fork } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { THREAD_POOL_SIZE } from './roles/thread-pool.ts'
import { createLineSplitter, readableLine } from './log-line.ts'
import { ALIVE_MS } from './process-role.ts'
import { Exit } from './start-error.ts'

export interface ChildRole {
  name: 'collector' | 'engine'
  args: readonly string[]
  /** The kernel's out-of-memory killer takes the higher one first. */
  oomScore: number
}

type Message = { ready: Record<string, string | number> } | { startError: string; status: number } | { alive: true }

export interface SupervisorEvents {
  ready(name: string, details: Record<string, string | number>): void
  restarting(name: string, why: string, delayMs: number): void
}

/**
 * Bytes outside the heap count like bytes in it: by default V8 collects everything after each 64 MiB of them, and records and blocks pass
 * through such memory by the gigabyte.
 */
const V8_FLAGS = ['--external-memory-accounted-in-global-limit']
/** The engine's heap may double before all of it is collected: by default V8 lets that of a process at rest grow by a tenth, and collects it every two seconds. */
const ENGINE_V8_FLAGS = ['--heap-growing-percent=100', '--min-semi-space-size=16']
/** What the embedded store has freed it uses again for a minute, instead of giving it back after five seconds and clearing new pages for the next insert. */
const STORE_MEMORY = { JE_MALLOC_CONF: 'dirty_decay_ms:60000' }
/** A role whose event loop stood still for so many of the supervisor's own looks is killed; when the machine slept, so did both. */
const SILENT_LOOKS = 6
const FIRST_DELAY_MS = 100
const LAST_DELAY_MS = 5000

/**
 * Keeps one child per role alive: restart after 0.1–5 s, for ever. It does no I/O of its own, so that nothing ends it.
 * `failed` resolves with a sentence when a role cannot start as Skein is set up, before it ran for the first time.
 */
export function createSupervisor(entry: string, roles: readonly ChildRole[], events: SupervisorEvents, lookMs: number = ALIVE_MS) {
  const children = new Map<string, ChildProcess>()
  const everReady = new Set<string>()
  let stopping = false
  const failed = Promise.withResolvers<string>()

  function launch(role: ChildRole, delayMs: number): void {
    const child = fork(entry, [...role.args], {
      stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
      execArgv: ['--disable-warning=ExperimentalWarning', ...V8_FLAGS, ...(role.name === 'engine' ? ENGINE_V8_FLAGS : [])],
      detached: true,
      env: { ...STORE_MEMORY, ...process.env, UV_THREADPOOL_SIZE: String(THREAD_POOL_SIZE) },
    })
    children.set(role.name, child)
    forwardLog(child)
    if (child.pid !== undefined) writeFile(`/proc/${child.pid}/oom_score_adj`, String(role.oomScore)).catch(() => undefined)
    const startedAt = performance.now()
    let startError: { sentence: string; status: number } | null = null
    const hang = watchForSilence(child, lookMs)
    child.on('message', (message: Message) => {
      if ('startError' in message) startError = { sentence: message.startError, status: message.status }
      else if ('ready' in message) {
        everReady.add(role.name)
        events.ready(role.name, message.ready)
      }
    })
    child.on('exit', (code, signal) => {
      children.delete(role.name)
      if (stopping) return
      if (startError !== null && !everReady.has(role.name) && startError.status !== Exit.temporary) {
        failed.resolve(startError.sentence)
        return
      }
      const next = performance.now() - startedAt > LAST_DELAY_MS ? FIRST_DELAY_MS : Math.min(delayMs * 2, LAST_DELAY_MS)
      events.restarting(role.name, startError?.sentence ?? hang() ?? signal ?? `exit status ${code}`, next)
      setTimeout(() => {
        if (!stopping) launch(role, next)
      }, next)
    })
  }

  return {
    failed: failed.promise,
    start(): void {
      for (const role of roles) launch(role, FIRST_DELAY_MS)
    },
    pid: (name: string): number | undefined => children.get(name)?.pid,
    /** In the order given, each within the deadline; what is left then is killed. */
    async stop(deadlineMs: number): Promise<{ remaining: number }> {
      stopping = true
      let remaining = 0
      for (const role of roles) {
        const child = children.get(role.name)
        if (child !== undefined && !(await endChild(child, deadlineMs))) remaining++
      }
      return { remaining }
    },
    kill(): void {
      stopping = true
      for (const child of children.values()) child.kill('SIGKILL')
    },
  }
}

/** Kills a role that was ready and is not heard of any more. The answer says so, or null. */
function watchForSilence(child: ChildProcess, lookMs: number): () => string | null {
  let silent = 0
  let why: string | null = null
  let timer: NodeJS.Timeout | undefined
  child.on('message', (message: Message) => {
    silent = 0
    if ('ready' in message)
      timer = setInterval(() => {
        if (++silent <= SILENT_LOOKS) return
        why = `nothing was heard of it for ${Math.round((silent * lookMs) / 1000)} s`
        child.kill('SIGKILL')
      }, lookMs)
  })
  child.on('exit', () => clearInterval(timer))
  return () => why
}

function endChild(child: ChildProcess, deadlineMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL')
      resolve(false)
    }, deadlineMs)
    child.once('exit', () => {
      clearTimeout(timer)
      resolve(true)
    })
    child.kill('SIGTERM')
  })
}

/** To a terminal as a person reads it, elsewhere as the JSON it is. */
function forwardLog(child: ChildProcess): void {
  const readable = process.stderr.isTTY
  const splitter = createLineSplitter((line) => process.stderr.write(`${readable ? readableLine(line) : line}\n`))
  child.stderr?.setEncoding('utf8').on('data', splitter.push).on('end', splitter.flush)
}
