import { readFile } from 'node:fs/promises'
import { type Config, configSchema } from '@skein/schemas/config'
import { parse, YAMLParseError } from 'yaml'
import type { z } from 'zod'
import { settings } from './settings.ts'

/** Environment names of the test suite and the installer; they are not configuration. */
const NOT_CONFIGURATION = /^SKEIN_(TEST_|CACHE$|INTERNAL_)/

/** In the environment their parts stand between commas. */
const LISTS: ReadonlySet<string> = new Set(['kafka.brokers', 'agent.paths', 'agent.journald.units', 'redact.presets'])

/** Every mistake of file and environment, one a line, each with where it is. Exit status 78 (EX_CONFIG). */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly problems: readonly string[]
  constructor(problems: readonly string[]) {
    super(problems.join('\n'))
    this.problems = problems
  }
}

/**
 * File, then environment over it, then defaults. `path` must exist when it is given; `./skein.yaml` may be missing. An empty variable is as one that is
 * not set: `${NAME:-}` of compose files and units makes such.
 */
export async function loadConfig(path: string | undefined, env: NodeJS.ProcessEnv): Promise<Config> {
  if (path === '') throw new ConfigError(['--config needs the name of a file'])
  const file = path ?? 'skein.yaml'
  const tree = await readTree(file, path !== undefined)
  const origins = new Map<string, string>()
  const problems: string[] = []
  const known = new Map(settings().map(({ env: envName, path: place }) => [envName, place]))
  for (const [name, text] of Object.entries(env)) {
    if (!text || !name.startsWith('SKEIN_') || NOT_CONFIGURATION.test(name)) continue
    const place = known.get(name)
    if (place === undefined) {
      problems.push(`${name}: no such setting${advice(name, text, [...known.keys()])}`)
      continue
    }
    origins.set(place, name)
    setIn(tree, place.split('.'), LISTS.has(place) ? listOf(text) : text)
  }
  const parsed = configSchema.safeParse(tree)
  if (!parsed.success) problems.push(...parsed.error.issues.flatMap((issue) => describe(issue, { file, origins, env })))
  if (problems.length > 0 || !parsed.success) throw new ConfigError(problems)
  return parsed.data
}

/** A comma inside braces belongs to its part, for globs. */
function listOf(text: string): string[] {
  return [...text.matchAll(/(?:\{[^}]*\}|[^,])+/g)].map(([part]) => part.trim()).filter(Boolean)
}

async function readTree(file: string, required: boolean): Promise<Record<string, unknown>> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    if (!required && (error as NodeJS.ErrnoException).code === 'ENOENT') return {}
    throw new ConfigError([`${file}: cannot be read (${(error as Error).message})`])
  }
  try {
    const tree: unknown = parse(text) ?? {}
    if (typeof tree !== 'object' || Array.isArray(tree)) throw new ConfigError([`${file}: must be a mapping of settings`])
    return tree as Record<string, unknown>
  } catch (error) {
    if (error instanceof YAMLParseError) throw new ConfigError([`${file}: ${error.message}`])
    throw error
  }
}

/** Kubernetes tells every pod of all services in variables, and those of a service skein-http look like a setting. */
const SERVICE_LINK = '; Kubernetes sets it for a service of that name: give the pod enableServiceLinks: false'

function isServiceLink(name: string, value: string): boolean {
  return /_SERVICE_(HOST|PORT(_\w+)?)$|_PORT_\d+_(TCP|UDP|SCTP)(_\w+)?$/.test(name) || /^(tcp|udp|sctp):\/\//.test(value)
}

interface Read {
  file: string
  /** Setting → variable that it comes from. */
  origins: ReadonlyMap<string, string>
  env: NodeJS.ProcessEnv
}

function describe(issue: z.core.$ZodIssue, { file, origins, env }: Read): string[] {
  const at = issue.path.join('.')
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => `${[file, [...issue.path, key].join('.')].join(': ')}: no such setting`)
  // A part of a list has its number behind the place of the list.
  const origin = origins.get(at) ?? origins.get(issue.path.slice(0, -1).join('.'))
  if (origin === undefined) return [`${file}: ${at}: ${issue.message}`]
  return [`${origin}: ${issue.message}${isServiceLink(origin, env[origin] ?? '') ? SERVICE_LINK : ''}`]
}

function advice(name: string, text: string, known: readonly string[]): string {
  if (isServiceLink(name, text)) return SERVICE_LINK
  const near = known.map((candidate) => ({ candidate, distance: editDistance(name, candidate) })).sort((a, b) => a.distance - b.distance)[0]
  return near !== undefined && near.distance <= 4 ? `; is it ${near.candidate}?` : ''
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const substitute = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, substitute))
    }
    row = next
  }
  return row[b.length] ?? 0
}

function setIn(tree: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [key, ...rest] = path
  if (key === undefined) return
  if (rest.length === 0) {
    tree[key] = value
    return
  }
  const inner = tree[key]
  const branch = typeof inner === 'object' && inner !== null && !Array.isArray(inner) ? (inner as Record<string, unknown>) : {}
  tree[key] = branch
  setIn(branch, rest, value)
}
