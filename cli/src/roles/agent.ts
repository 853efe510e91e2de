import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import { join, resolve } from 'node:path'
import { createAgent } from '@skein/agent/agent'
import type { DeliveryDeps } from '@skein/agent/delivery'
import { createPipe } from '@skein/agent/pipe'
import { type AgentFiles, agentFilesSchema } from '@skein/schemas/agent-config'
import type { Config } from '@skein/schemas/config'
import { createLogger, type Logger } from '../logger.ts'
import { type Role, runRole } from '../process-role.ts'
import { Exit, StartError } from '../start-error.ts'
import { skeinVersion } from '../version.ts'

const NEVER = new Promise<never>(() => undefined)

/** `skein agent`: reads this host's logs until it is told to stop. */
export async function startAgent(config: Config): Promise<void> {
  const { agent: settings } = config
  const reads = settings.files.length > 0 || settings.paths.length > 0 || settings.containers || settings.journald.enabled
  const probes = settings.probe.port !== 0 || settings.probe.peers.length > 0
  if (!reads && !probes && !settings.metrics.enabled)
    throw new StartError('There is nothing to read: name files (skein agent "/var/log/app/*.log", SKEIN_AGENT_PATHS, or agent.files in skein.yaml).')
  const logger = createLogger('agent', config.logLevel)
  await runRole(logger, () => agentRole(config, logger))
}

/** The files of the command line from their first line on, also those that are there already. */
export function fromBeginning(config: Config): Config {
  const { paths, files } = config.agent
  if (paths.length === 0) throw new StartError('--from-beginning is about files: name some, or set startAt in agent.files of skein.yaml.')
  return { ...config, agent: { ...config.agent, paths: [], files: [...files, agentFilesSchema.parse({ include: paths, startAt: 'beginning' })] } }
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

/** `skein agent --stdin`: sends what comes in, and ends with status 0 when it has ended and was delivered. */
export async function startPipe(config: Config, { service, multiline }: { service: string; multiline: AgentFiles['multiline'] }): Promise<void> {
  const logger = createLogger('agent', config.logLevel)
  await runRole(logger, async () => {
    const pipe = createPipe({ ...deliveryDeps(config, logger), input: process.stdin, service, multiline, randomBytes })
    pipe.start()
    void pipe.finished.then(() => pipe.stop(0)).then(() => process.exit(Exit.ok))
    return { ready: { endpoint: endpointOf(config) }, stop: (deadlineMs) => pipe.stop(deadlineMs), failed: NEVER }
  })
}

function endpointOf({ agent, ports }: Config): string {
  return agent.endpoint ?? `http://127.0.0.1:${ports.otlpHttp}`
}

function deliveryDeps(config: Config, logger: Logger): DeliveryDeps {
  return {
    config: { ...config.agent, endpoint: endpointOf(config) },
    hostName: hostname(),
    version: skeinVersion(),
    logger,
    clock: Date.now,
    random: Math.random,
  }
}
