import { rmSync } from 'node:fs'
import { QUERY_MS, SLOW_DATABASE } from '../faults.ts'
import { followState, readSetting } from '../setting.ts'
import { createPartnerStandIn } from './partner.ts'
import { createPostgresProxy } from './postgres-proxy.ts'
import { createPostgresStandIn } from './postgres.ts'
import { createQueueStandIn } from './queue.ts'
import { createRedisStandIn } from './redis.ts'

const STOPS_MS = 1500
const setting = readSetting(process.env['DEMO_SETTING'])
const state = followState(setting)
const extraMs = (database: string): number => (database === SLOW_DATABASE && state().faults.includes('database') ? QUERY_MS : 0)
const { ports, realPostgresPort, realRedis, wards = [] } = setting
const servers = {
  postgresql: realPostgresPort === undefined ? createPostgresStandIn(extraMs) : createPostgresProxy(realPostgresPort, extraMs),
  ...(realRedis === true ? {} : { redis: createRedisStandIn() }),
  demoq: createQueueStandIn(),
  'pay.partner.example': createPartnerStandIn(() => state().faults.includes('partner')),
}
for (const [name, server] of Object.entries(servers)) server.listen(ports[name], '127.0.0.1')
// Whoever started the real servers is gone.
process.on('disconnect', () => {
  for (const { pid, signal } of wards) process.kill(pid, signal)
  setTimeout(() => {
    for (const { folder } of wards) rmSync(folder, { recursive: true, force: true })
    process.exit(0)
  }, STOPS_MS)
})
process.send?.('ready')
