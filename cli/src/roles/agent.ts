import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import { join, resolve } from 'node:path'
import { createAgent } from '@skein/agent/agent'
import type { DeliveryDeps } from '@skein/agent/delivery'
import { createPipe } from '@skein/agent/pipe'
import type { Config } from '@skein/schemas/config'
import { createLogger, type Logger } from '../logger.ts'
import { type Role, runRole } from '../process-role.ts'
import { Exit, StartError } from '../start-error.ts'
import { skeinVersion } from '../version.ts'
import { type AgentPipe, type AgentWords, endpointOf, withAgentWords } from './agent-words.ts'

const NEVER = new Promise<never>(() => undefined)

/** `skein agent`: reads this host's logs until it is told to stop, or a pipe until that ends. */
export async function startAgent(configured: Config, words: AgentWords): Promise<void> {
  const { config, pipe } = withAgentWords(configured, words)
  if (pipe === null && !hasWork(config))
    throw new StartError(
      'The agent has nothing to do: name files (skein agent "/var/log/app/*.log"), give it a pipe (--stdin), or set any of agent.paths, agent.files, agent.containers, agent.journald, agent.metrics and agent.probe in skein.yaml.',
    )
  const logger = createLogger('agent', config.logLevel)
  await runRole(logger, () => (pipe === null ? agentRole(config, logger) : pipeRole(config, { logger, pipe })))
}

function hasWork({ agent: { files, paths, containers, journald, probe, metrics } }: Config): boolean {
  const reads = files.length > 0 || paths.length > 0 || containers || journald.enabled
  return reads || probe.port !== 0 || probe.peers.length > 0 || metrics.enabled
}

async function agentRole(config: Config, logger: Logger): Promise<Role> {
  const { agent: settings } = config
  const agent = createAgent({
    ...deliveryDeps(config, logger),
    dataDirectory: resolve(settings.dataDir ?? join(config.dataDir, 'agent')),
    workingDirectory: process.cwd(),
    nowMs: () => performance.now(),
    randomBytes,
  })
  const { files, healthPort, probePort } = await agent.start()
  return {
    ready: { files, endpoint: endpointOf(config), ...(healthPort === 0 ? {} : { health: healthPort }), ...(probePort === 0 ? {} : { probe: probePort }) },
    stop: (deadlineMs) => agent.stop(deadlineMs),
    failed: NEVER,
  }
}

/** Sends what comes in, and ends with status 0 when it has ended and was delivered. */
async function pipeRole(config: Config, { logger, pipe }: { logger: Logger; pipe: Exclude<AgentPipe, null> }): Promise<Role> {
  const running = createPipe({ ...deliveryDeps(config, logger), ...pipe, input: process.stdin, randomBytes })
  running.start()
  void running.finished.then(() => running.stop(0)).then(() => process.exit(Exit.ok))
  return { ready: { endpoint: endpointOf(config) }, stop: (deadlineMs) => running.stop(deadlineMs), failed: NEVER }
}

function deliveryDeps(config: Config, logger: Logger): DeliveryDeps {
  return {
    config: config.agent,
    endpoint: endpointOf(config),
    hostName: hostname(),
    version: skeinVersion(),
    logger,
    clock: Date.now,
    random: Math.random,
  }
}
