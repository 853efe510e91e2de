/** Knows nothing of telemetry: says which variables it finds, calls itself once, logs through pino, winston and console, then stays until a signal comes. */
import { createServer, get } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pino } from 'pino'
import winston from 'winston'

const log = pino()
const other = winston.createLogger({ transports: [new winston.transports.Console()] })
const variables = Object.keys(process.env).filter((name) => name.startsWith('OTEL_'))
process.stdout.write(`variables: ${variables.sort().join()}\n`)
const server = createServer((request, response) => {
  log.warn({ path: request.url }, 'served by pino')
  other.info('served by winston', { path: request.url })
  console.error('served by %s', 'console')
  response.end('ok')
}).listen(0, '127.0.0.1', () => {
  get({ host: '127.0.0.1', port: (server.address() as AddressInfo).port, path: '/play' }, (response) => {
    response.resume()
    response.on('end', () => process.stdout.write('called\n'))
  })
})
