import { createServer } from 'node:http'
import { trace } from '@opentelemetry/api'
import express, { type NextFunction, type Request, type Response } from 'express'
import { Redis } from 'ioredis'
import pg from 'pg'
import { BAD_INSTANCE_MS, CONNECT_MS, type FaultId, RELEASE } from '../faults.ts'
import { createCaller } from '../http-call.ts'
import { createQueueClient } from '../queue-client.ts'
import { createRouter, followState, readSetting } from '../setting.ts'
import { openLog, requestLog } from './log.ts'
import { SERVICES } from './services.ts'

const name = process.argv[2] ?? ''
const service = SERVICES[name]
if (service === undefined) throw new Error(`no service "${name}"; there are ${Object.keys(SERVICES).join(', ')}`)
const setting = readSetting(process.env['DEMO_SETTING'])
const { instance } = setting
if (instance === undefined) throw new Error(`DEMO_SETTING names no instance of ${name}`)
const state = followState(setting)
const has = (fault: FaultId): boolean => state().faults.includes(fault)
const portOf = createRouter(setting, state)
const { call } = createCaller({ portOf, connectMs: (target) => (has('connections') && name === 'playback' && target === 'drm' ? CONNECT_MS : 0) })
const databases = new Map<string, pg.Pool>()
let cache: Redis | null = null

const log = openLog(setting.logFolder, instance)
const app = express()
app.disable('x-powered-by')
app.use(requestLog(log))
let calls = 0
app.use((_request, response, next) => {
  if (instance.name !== 'epg-2' || !has('instance')) return next()
  setTimeout(() => (calls++ % 2 === 0 ? response.status(503).json({ error: 'no channels' }) : next()), BAD_INSTANCE_MS)
})
service(app, {
  log,
  call,
  has,
  isNewRelease: instance.version === RELEASE.after,
  database(database) {
    const open = databases.get(database) ?? new pg.Pool({ host: '127.0.0.1', port: portOf('postgresql'), user: 'tv', password: 'tv', database, max: 16 })
    databases.set(database, open)
    return open
  },
  cache() {
    cache ??= new Redis({ host: '127.0.0.1', port: portOf('redis'), lazyConnect: false, disableClientInfo: true })
    return cache
  },
  queue: (destination) => createQueueClient(portOf('demoq'), destination),
})
// Else express prints each on stderr.
app.use((error: Error, request: Request, response: Response, _next: NextFunction) => {
  log.error({ err: error }, `${request.method} ${request.path} failed: ${error.message}`)
  response.status(500).json({ error: error.message })
})
process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'))
process.on('SIGTERM', () => setTimeout(() => process.exit(0), 2000))
// before anything of the application runs the span of the request itself is the active one
const server = createServer((request, response) => {
  const session = request.headers['x-session-id']
  if (typeof session === 'string') trace.getActiveSpan()?.setAttribute('session.id', session)
  app(request, response)
})
server.listen(instance.port, '127.0.0.1', () => process.send?.('ready'))
