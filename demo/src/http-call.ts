import { Agent, request } from 'node:http'
import type { LookupFunction } from 'node:net'

export interface Caller {
  /** Calls another process by its service name; rejects on a status of 500 or more. */
  call(target: string, method: string, path: string, body?: unknown): Promise<unknown>
}

export interface CallerOptions {
  portOf: (target: string) => number
  /** Above 0, calls to the target open a connection each and wait so long for it: the time is lost between the two services. */
  connectMs: (target: string) => number
}

const TIMEOUT_MS = 5000

const toLoopback: LookupFunction = (_host, options, done) => {
  if (options.all === true) done(null, [{ address: '127.0.0.1', family: 4 }])
  else done(null, '127.0.0.1', 4)
}

function after(waitMs: number): LookupFunction {
  return (host, options, done) => void setTimeout(() => toLoopback(host, options, done), waitMs)
}

/** HTTP between the demo's processes, under service names as in a cluster: every name leads to loopback. */
export function createCaller({ portOf, connectMs }: CallerOptions): Caller {
  const kept = new Agent({ keepAlive: true, maxSockets: 32 })
  const fresh = new Agent({ keepAlive: false })

  function call(target: string, method: string, path: string, body?: unknown): Promise<unknown> {
    const waitMs = connectMs(target)
    const payload = body === undefined ? undefined : JSON.stringify(body)
    return new Promise((resolve, reject) => {
      const outgoing = request(
        {
          host: target,
          port: portOf(target),
          method,
          path,
          agent: waitMs > 0 ? fresh : kept,
          lookup: waitMs > 0 ? after(waitMs) : toLoopback,
          timeout: TIMEOUT_MS,
          headers: payload === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(payload) },
        },
        (response) => {
          let text = ''
          response.setEncoding('utf8')
          response.on('data', (chunk: string) => {
            text += chunk
          })
          response.on('end', () => {
            if ((response.statusCode ?? 500) >= 500) reject(new Error(`${target} answered ${response.statusCode}`))
            else resolve(text === '' ? null : JSON.parse(text))
          })
        },
      )
      outgoing.on('timeout', () => outgoing.destroy(new Error(`${target} did not answer within ${TIMEOUT_MS} ms`)))
      outgoing.on('error', reject)
      outgoing.end(payload)
    })
  }

  return { call }
}
