import { type ChildProcess, fork } from 'node:child_process'
import { createServer, request, type Server } from 'node:http'
import { once } from 'node:events'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { apiOf } from './harness/api.ts'
import { eventually, type SkeinUp, startUp } from './harness/skein-process.ts'

let skein: SkeinUp
let forwarder: Forwarder
const children: ChildProcess[] = []

beforeAll(async () => {
  skein = await startUp()
  forwarder = await startForwarder(skein.otlpHttp)
})

afterAll(async () => {
  for (const child of children) child.kill('SIGKILL')
  await forwarder.close()
  await skein.destroy()
})

describe('real telemetry in, a map out', () => {
  it('an unmodified Node SDK with only the endpoint set is on the map within 3 s of its first export', async () => {
    children.push(
      fork(join(import.meta.dirname, 'fixtures', 'plain-app.cjs'), [], {
        execArgv: ['--disable-warning=ExperimentalWarning', '--import', '@opentelemetry/auto-instrumentations-node/register'],
        env: { PATH: process.env['PATH'], OTEL_EXPORTER_OTLP_ENDPOINT: forwarder.url },
        stdio: 'ignore',
      }),
    )
    const exportedAt = await forwarder.firstTraces
    const node = await eventually(async () => {
      const { nodes } = await apiOf(skein.api).topology()
      const found = nodes.find(({ kind, name }) => kind === 'service' && name.startsWith('unknown_service'))
      expect(found).toBeDefined()
      return found
    }, 10_000)
    expect(performance.now() - exportedAt).toBeLessThan(3000)
    expect(node?.calls).toBeGreaterThan(0)
  })

  it('its trace can be found and opened, with its own attributes', async () => {
    const { traces } = await eventually(async () => {
      const found = await apiOf(skein.api).traces('?attr=url.path%3D%2Fhello')
      expect(found.traces.length).toBeGreaterThan(0)
      return found
    }, 5000)
    const trace = await apiOf(skein.api).trace(traces[0]?.traceId ?? '')
    const server = trace.spans.find((span) => span.kind === 'server')
    expect(server?.attributes['url.path']).toBe('/hello')
    expect(Object.values(trace.resources)[0]?.['telemetry.sdk.language']).toBe('nodejs')
  })

  it('stops cleanly within 10 s on SIGTERM', async () => {
    const startedAt = performance.now()
    expect(await skein.stop()).toBe(0)
    expect(performance.now() - startedAt).toBeLessThan(10_000)
    expect(skein.output()).not.toMatch(/Error|error/)
  })
})

interface Forwarder {
  url: string
  /** When the first export of traces came by, on the clock of `performance.now()`. */
  firstTraces: Promise<number>
  close(): Promise<void>
}

async function startForwarder(target: string): Promise<Forwarder> {
  const first = Promise.withResolvers<number>()
  const server: Server = createServer((incoming, outgoing) => {
    if (incoming.url === '/v1/traces') first.resolve(performance.now())
    const onward = request(
      new URL(incoming.url ?? '/', target),
      { method: incoming.method ?? 'GET', headers: { ...incoming.headers, host: new URL(target).host } },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
        answer.pipe(outgoing)
      },
    )
    incoming.pipe(onward)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  return {
    url: `http://127.0.0.1:${port}`,
    firstTraces: first.promise,
    async close() {
      server.closeAllConnections()
      await once(server.close(), 'close')
    },
  }
}
