import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePorts } from '@skein/demo/free-ports'

const ENTRY = join(import.meta.dirname, '..', '..', '..', 'cli', 'src', 'main.ts')

export interface SkeinProcess {
  readonly pid: number
  /** Everything printed so far, stdout and stderr. */
  output(): string
  /** SIGTERM; resolves with the exit status, null when a signal ended it. */
  stop(): Promise<number | null>
  kill9(): Promise<void>
  readonly exited: Promise<number | null>
}

/** `skein <words>` as a process of its own, in its own process group. */
export function startSkein(words: readonly string[], env: Readonly<Record<string, string>>): SkeinProcess {
  const clean = Object.fromEntries(Object.entries(process.env).filter(([key]) => !/^SKEIN_(?!INTERNAL_)/.test(key) && !key.startsWith('OTEL_')))
  const child: ChildProcess = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ENTRY, ...words], {
    env: { ...clean, SKEIN_ALLOW_UNSAFE_DATA_DIR: 'true', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk
    })
  }
  const exited = once(child, 'exit').then(([code]) => code as number | null)
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal)
    return exited
  }
  return { pid: child.pid ?? 0, output: () => output, stop: () => end('SIGTERM'), kill9: async () => void (await end('SIGKILL')), exited }
}

export interface SkeinUp extends SkeinProcess {
  otlpHttp: string
  otlpGrpc: string
  api: string
  dataDir: string
  env: Readonly<Record<string, string>>
  /** Process id of one of the supervisor's children, as it is now. */
  childPid(role: 'collector' | 'engine'): number
  /** Ends everything and removes the data. */
  destroy(): Promise<void>
}

/** `skein up` on free ports in an empty directory, or where another's `env` says, resolved when everything is ready. */
export async function startUp(env: Readonly<Record<string, string>> = {}): Promise<SkeinUp> {
  const [grpc = 0, http = 0, api = 0] = await freePorts(3)
  const dataDir = env['SKEIN_DATA_DIR'] ?? mkdtempSync(join(tmpdir(), 'skein-up-'))
  const all: Record<string, string> = {
    SKEIN_DATA_DIR: dataDir,
    SKEIN_OTLP_GRPC_PORT: String(grpc),
    SKEIN_OTLP_HTTP_PORT: String(http),
    SKEIN_HTTP_PORT: String(api),
    SKEIN_LOG__RESERVE_BYTES: '1000000',
    ...env,
  }
  const skein = startSkein(['up'], all)
  const up: SkeinUp = {
    ...skein,
    otlpHttp: `http://127.0.0.1:${all['SKEIN_OTLP_HTTP_PORT']}`,
    otlpGrpc: `http://127.0.0.1:${all['SKEIN_OTLP_GRPC_PORT']}`,
    api: `http://127.0.0.1:${all['SKEIN_HTTP_PORT']}`,
    dataDir,
    env: all,
    childPid: (role) => childPid(skein.pid, role),
    async destroy() {
      await skein.stop()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
  await ready(skein, `${up.otlpHttp}/readyz`, `${up.api}/readyz`)
  return up
}

/** Until all addresses answer 200; throws what the process printed when it ends before that. */
export async function ready(skein: SkeinProcess, ...urls: string[]): Promise<void> {
  const ended = skein.exited.then((code) => Promise.reject(new Error(`skein ended with ${code}:\n${skein.output()}`)))
  await Promise.race([Promise.all(urls.map((url) => until(url))), ended])
}

/** Polls until the address answers 200; throws after 60 s. */
export async function until(url: string, deadlineMs = 60_000): Promise<void> {
  await eventually(async () => {
    const response = await fetch(url)
    if (!response.ok) throw new Error(`${url} answers ${response.status}`)
  }, deadlineMs)
}

/** Repeats an assertion until it holds; throws its last error at the deadline. */
export async function eventually<T>(attempt: () => Promise<T>, deadlineMs: number, everyMs = 50): Promise<T> {
  const deadline = performance.now() + deadlineMs
  for (;;) {
    try {
      return await attempt()
    } catch (error) {
      if (performance.now() > deadline) throw error
      await sleep(everyMs)
    }
  }
}

function childPid(supervisor: number, role: string): number {
  const children = readFileSync(`/proc/${supervisor}/task/${supervisor}/children`, 'utf8').trim().split(' ').filter(Boolean)
  const found = children.find((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(role))
  if (found === undefined) throw new Error(`the ${role} does not run now`)
  return Number(found)
}
