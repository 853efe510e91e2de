import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { hostname } from 'node:os'
import { join, resolve } from 'node:path'
import { createAgent } from '@skein/agent/agent'
import { takeLock } from '@skein/eventlog/embedded/lock'
import { LogLockedError } from '@skein/eventlog/errors'
import { SERVICES } from '@skein/demo/services/services'
import { agentConfigSchema } from '@skein/schemas/agent-config'
import { ruleCreate, rulesAnswer } from '@skein/schemas/api/log-rules'
import type { RuleDefinition } from '@skein/schemas/log-rule'
import { readRulesFile } from '@skein/schemas/rules/rules-file'
import { parse } from 'yaml'
import { createLogger } from '../logger.ts'
import { StartError } from '../start-error.ts'
import { ROOT, skeinVersion } from '../version.ts'

export interface DemoLogs {
  /** Where services and Nginx write. */
  folder: string
  stop(): Promise<void>
}

const STOP_MS = 3000
const ENVIRONMENT = 'demo'

/**
 * A `skein agent` on the log files of the demo, in a folder that is emptied first. It may start before the services do. Throws `StartError` while
 * another demo writes there.
 */
export async function followDemoLogs(dataDir: string, target: { endpoint: string; key: string | undefined }): Promise<DemoLogs> {
  const folder = resolve(dataDir, 'demo-logs')
  const release = lockDemo(resolve(dataDir))
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const file = (service: string, pattern: string) => ({
    include: [join(folder, pattern)],
    service,
    startAt: 'beginning' as const,
    attributes: { 'service.namespace': 'tv' },
  })
  const files = [...Object.keys(SERVICES).map((service) => file(service, `${service}-*.log`)), file('nginx', 'nginx_access.log')]
  const agent = createAgent({
    config: agentConfigSchema.parse({ key: target.key, environment: ENVIRONMENT, files }),
    endpoint: target.endpoint,
    dataDirectory: join(folder, '.agent'),
    workingDirectory: folder,
    hostName: hostname(),
    version: skeinVersion(),
    logger: createLogger('agent', 'warn'),
    clock: Date.now,
    nowMs: () => performance.now(),
    random: Math.random,
    randomBytes,
  })
  await agent.start()
  return { folder, stop: () => agent.stop(STOP_MS).finally(release) }
}

/** Beside the folder, whose content goes. */
function lockDemo(directory: string): () => void {
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  try {
    return takeLock(directory, 'demo').release
  } catch (error) {
    if (!(error instanceof LogLockedError)) throw error
    throw new StartError(`A demo runs beside this data directory already (${join(directory, 'demo.lock')} names its process): stop it first.`)
  }
}

/** The demo's rules, for roles of a cluster to import. */
export const DEMO_RULES_FILE = 'demo/log-rules.yaml'

function demoRules(): RuleDefinition[] {
  const read = readRulesFile(parse(readFileSync(join(ROOT, DEMO_RULES_FILE), 'utf8')))
  if (!read.ok) throw new Error(read.errors.map(({ message }) => message).join('; '))
  return read.file.pipelines.flatMap(({ rules }) => rules.map(({ definition }) => definition))
}

/** Defines the rules that are missing. Without them the lines come all the same. */
export async function defineDemoRules(api: string, say: (line: string) => void): Promise<void> {
  try {
    const wanted = demoRules()
    const known = rulesAnswer.parse(await (await fetch(`${api}/api/logs/rules`)).json())
    const names = new Set(known.pipelines.flatMap(({ rules }) => rules.map(({ definition }) => definition.name)))
    for (const definition of wanted.filter(({ name }) => !names.has(name))) {
      const body = JSON.stringify(ruleCreate.parse({ definition }))
      const response = await fetch(`${api}/api/logs/rules`, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
      if (!response.ok) throw new Error(await response.text())
    }
    say(`Logs are read by an agent and judged by ${wanted.length} rules: ${api}/logs`)
  } catch (error) {
    say(`The rules on logs were not defined: ${(error as Error).message}`)
  }
}
