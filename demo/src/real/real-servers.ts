import { startNginx } from './nginx.ts'
import { startPostgres } from './postgres.ts'
import { startRedis } from './redis.ts'
import type { RealServer } from './server.ts'

export interface RealServers {
  postgres: RealServer | null
  redis: RealServer | null
  nginx: RealServer | null
  stop(): Promise<void>
}

export interface RealPlan {
  wanted: boolean
  realPostgresPort: number
  redisPort: number
  entryPort: number
  gatewayPort: number
  logFolder: string | undefined
}

/** Starts what this machine has, tells which are real and which stand-ins, and never installs anything. */
export async function startRealServers(plan: RealPlan, { env, say }: { env: NodeJS.ProcessEnv; say(line: string): void }): Promise<RealServers> {
  const path = env['PATH']
  const tryStart = async (name: string, start: () => Promise<RealServer | null>): Promise<RealServer | null> => {
    if (!plan.wanted) return null
    try {
      return await start()
    } catch (error) {
      say(`  ${name} is on this machine and does not start (${(error as Error).message}): a stand-in serves instead`)
      return null
    }
  }
  const [postgres, redis, nginx] = await Promise.all([
    tryStart('PostgreSQL', () => startPostgres(plan.realPostgresPort, path)),
    tryStart('Redis', () => startRedis(plan.redisPort, path)),
    tryStart('Nginx', () => startNginx({ port: plan.entryPort, gatewayPort: plan.gatewayPort, logFolder: plan.logFolder }, path)),
  ])
  const real = [postgres, redis, nginx].flatMap((server) => server?.what ?? [])
  const standIns = [postgres === null ? ['PostgreSQL'] : [], redis === null ? ['Redis'] : [], ['the queue', 'the payment partner']].flat()
  if (real.length > 0) say(`  real, from this machine: ${real.join(', ')}`)
  say(`  stand-ins: ${standIns.join(', ')}`)
  return {
    postgres,
    redis,
    nginx,
    async stop() {
      await Promise.all([postgres, redis, nginx].map(async (server) => server?.stop()))
    },
  }
}
