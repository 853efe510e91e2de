import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { FAULTS, type FaultId } from './faults.ts'

export interface Switches {
  isOn(fault: FaultId): boolean
  /** Resolves when the fault is in force, or gone. */
  set(fault: FaultId, on: boolean): Promise<void>
}

const MAX_BODY_BYTES = 1024
const OWN_HOSTS = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/

/**
 * Switches by HTTP, on loopback: `GET /faults`, and `PUT /faults/{id}` with `{"on": true}`. Only JSON under a loopback name is taken, so that no page of
 * another site can switch anything.
 */
export async function startControl(switches: Switches, port: number): Promise<{ url: string; stop(): void }> {
  const server = createServer((request, response) => {
    handle(request, switches).then(
      (answer) => send(response, answer),
      (error: unknown) => send(response, { status: 500, body: { error: String(error) } }),
    )
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop() {
      server.close()
      server.closeAllConnections()
    },
  }
}

interface Answer {
  status: number
  body: unknown
}

async function handle(request: IncomingMessage, switches: Switches): Promise<Answer> {
  if (!OWN_HOSTS.test(request.headers.host ?? '')) return { status: 421, body: { error: 'call it by 127.0.0.1 or localhost' } }
  const list = () => FAULTS.map((fault) => ({ ...fault, on: switches.isOn(fault.id) }))
  if (request.method === 'GET' && request.url === '/faults') return { status: 200, body: { faults: list() } }
  const fault = FAULTS.find(({ id }) => request.url === `/faults/${id}`)
  if (fault === undefined || request.method !== 'PUT')
    return { status: 404, body: { error: `GET /faults, or PUT /faults/{${FAULTS.map(({ id }) => id).join(', ')}}` } }
  if (request.headers['content-type'] !== 'application/json') return { status: 415, body: { error: 'content-type must be application/json' } }
  const on = readSwitch(await bodyOf(request))
  if (on === null) return { status: 400, body: { error: 'the body must be {"on": true} or {"on": false}' } }
  await switches.set(fault.id, on)
  return { status: 200, body: { faults: list() } }
}

function readSwitch(text: string): boolean | null {
  try {
    const body = JSON.parse(text) as unknown
    return typeof body === 'object' && body !== null && 'on' in body && typeof body.on === 'boolean' ? body.on : null
  } catch {
    return null
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of request) {
    text += String(chunk)
    if (text.length > MAX_BODY_BYTES) return ''
  }
  return text
}

function send(response: ServerResponse, { status, body }: Answer): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' }).end(`${JSON.stringify(body)}\n`)
}
