import { createServer } from 'node:http'
import { trace } from '@opentelemetry/api'
import express from 'express'
import { Redis } from 'ioredis'
import pg from 'pg'
import { createCaller } from '../http-call.ts'
import { createQueueClient } from '../queue-client.ts'
import { type ControlMessage, portOf, readSetting } from '../setting.ts'
import { SERVICES } from './services.ts'

const name = process.argv[2] ?? ''
const service = SERVICES[name]
if (service === undefined) throw new Error(`no service "${name}"; there are ${Object.keys(SERVICES).join(', ')}`)
const setting = readSetting(process.env['DEMO_SETTING'])
const ports = (target: string): number => portOf(setting, target)
const caller = createCaller(name, ports)
const databases = new Map<string, pg.Pool>()
let cache: Redis | null = null

const app = express()
app.disable('x-powered-by')
service(app, {
  call: caller.call,
  database(database) {
    const open = databases.get(database) ?? new pg.Pool({ host: '127.0.0.1', port: ports('postgresql'), user: 'tv', password: 'tv', database, max: 8 })
    databases.set(database, open)
    return open
  },
  cache() {
    cache ??= new Redis({ host: '127.0.0.1', port: ports('redis'), lazyConnect: false })
    return cache
  },
  queue: (destination) => createQueueClient(ports('demoq'), destination),
})
process.on('message', (message: ControlMessage) => caller.control(message))
process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'))
process.on('SIGTERM', () => setTimeout(() => process.exit(0), 2000))
// before anything of the application runs the span of the request itself is the active one
const server = createServer((request, response) => {
  const session = request.headers['x-session-id']
  if (typeof session === 'string') trace.getActiveSpan()?.setAttribute('session.id', session)
  app(request, response)
})
server.listen(ports(name), '127.0.0.1', () => process.send?.('ready'))
