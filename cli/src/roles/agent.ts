import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import { join, resolve } from 'node:path'
import { createAgent } from '@skein/agent/agent'
import type { Config } from '@skein/schemas/config'
import { createLogger } from '../logger.ts'
import { runRole } from '../process-role.ts'
import { StartError } from '../start-error.ts'
import { skeinVersion } from '../version.ts'

/** `skein agent`: reads this host's logs until it is told to stop. */
export async function startAgent(config: Config): Promise<void> {
  const { agent: settings } = config
  if (settings.files.length === 0 && settings.paths.length === 0 && !settings.containers && !settings.journald.enabled)
    throw new StartError('There is nothing to read: name files (skein agent /var/log/app/*.log, SKEIN_AGENT_PATHS, or agent.files in skein.yaml).')
  const logger = createLogger('agent', config.logLevel)
  await runRole(logger, async () => {
    const agent = createAgent({
      config: settings,
      dataDirectory: resolve(settings.dataDir ?? join(config.dataDir, 'agent')),
      workingDirectory: process.cwd(),
      hostName: hostname(),
      version: skeinVersion(),
      logger,
      clock: Date.now,
      nowMs: () => performance.now(),
      random: Math.random,
      randomBytes,
    })
    const { files } = await agent.start()
    return { ready: { files, endpoint: settings.endpoint }, stop: (deadlineMs) => agent.stop(deadlineMs), failed: new Promise<never>(() => undefined) }
  })
}
