import { randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type AgentConfig, type AgentFiles, agentConfigSchema } from '@skein/schemas/agent-config'
import { type Agent, type AgentDeps, createAgent } from './agent.ts'
import { folderForTests } from './folder-for-tests.ts'

export interface Place {
  logs: string
  data: string
}

export function makePlace(): Place {
  const root = folderForTests()
  const place = { logs: join(root, 'logs'), data: join(root, 'data') }
  mkdirSync(place.logs)
  return place
}

/** Everything that takes seconds on a host takes milliseconds. */
const TIMING = { activeMs: 5, quietMs: 10, quietAfterMs: 200, lostNameMs: 150, deletedMs: 60, refusedMs: 30 }

export interface TestAgent extends Agent {
  /** Events that were logged, with their fields. */
  readonly events: { event: string; [field: string]: unknown }[]
}

export function agentFor(
  place: Place,
  endpoint: string,
  options: { files?: Partial<AgentFiles>; config?: Partial<AgentConfig>; deps?: Partial<AgentDeps> } = {},
): TestAgent {
  const events: TestAgent['events'] = []
  const tell = (fields: object): void => void events.push(fields as TestAgent['events'][number])
  const config = agentConfigSchema.parse({
    files: [{ include: [join(place.logs, '*.log')], startAt: 'beginning', ...options.files }],
    ...options.config,
  })
  const agent = createAgent({
    config,
    endpoint,
    dataDirectory: place.data,
    workingDirectory: place.logs,
    hostName: 'host-1',
    version: 'test',
    logger: { debug: tell, info: tell, warn: tell, error: tell },
    clock: Date.now,
    nowMs: () => performance.now(),
    random: Math.random,
    randomBytes,
    timing: TIMING,
    ...options.deps,
  })
  return Object.assign(agent, { events })
}

/** Resolves when the condition holds; fails after a time that only a stuck machine takes. */
export async function until(condition: () => boolean, what: string | (() => string)): Promise<void> {
  const endMs = performance.now() + 15_000
  while (!condition()) {
    if (performance.now() > endMs) throw new Error(`never happened: ${typeof what === 'string' ? what : what()}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
