import { readSetting, portOf } from '../setting.ts'
import { createPartnerStandIn } from './partner.ts'
import { createPostgresStandIn } from './postgres.ts'
import { createQueueStandIn } from './queue.ts'
import { createRedisStandIn } from './redis.ts'

const setting = readSetting(process.env['DEMO_SETTING'])
const servers = {
  postgresql: createPostgresStandIn(),
  redis: createRedisStandIn(),
  demoq: createQueueStandIn(),
  'pay.partner.example': createPartnerStandIn(),
}
for (const [name, server] of Object.entries(servers)) server.listen(portOf(setting, name), '127.0.0.1')
process.on('disconnect', () => process.exit(0))
process.send?.('ready')
