import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { recordConsole } from './console-records.ts'
import { nearestPackage } from './nearest-package.ts'
import { registerDefaults } from './register-defaults.ts'
import { type EndingProcess, endWithTelemetry } from './shut-down.ts'

const APPLICATION = { name: 'epg', version: '4.2' }

describe('the environment that the SDK finds', () => {
  it('names the service after its package and adds its version, and takes nothing away', () => {
    const environment = registerDefaults({ env: { OTEL_RESOURCE_ATTRIBUTES: 'a=b', SKEIN_KEY: 'k,=1' }, application: APPLICATION, namespace: null })
    expect(environment).toMatchObject({
      OTEL_SERVICE_NAME: 'epg',
      OTEL_RESOURCE_ATTRIBUTES: 'a=b,service.version=4.2',
      OTEL_EXPORTER_OTLP_HEADERS: 'x-skein-key=k%2C%3D1',
    })
  })

  it('leaves alone whatever is set', () => {
    const env = {
      OTEL_RESOURCE_ATTRIBUTES: 'service.name=own,service.version=1',
      OTEL_NODE_ENABLED_INSTRUMENTATIONS: 'http',
      OTEL_NODE_RESOURCE_DETECTORS: 'all',
      OTEL_EXPORTER_OTLP_HEADERS: 'x=y',
      SKEIN_KEY: 'k',
    }
    expect(registerDefaults({ env, application: APPLICATION, namespace: 'tv' })).toEqual({ OTEL_RESOURCE_ATTRIBUTES: 'service.name=own,service.version=1' })
  })

  it('knows pod, namespace and node in Kubernetes, and says nothing of them elsewhere', () => {
    const env = { KUBERNETES_SERVICE_HOST: '10.0.0.1', HOSTNAME: 'epg-7f', NODE_NAME: 'n1' }
    const of = (more: Record<string, string | undefined>) =>
      registerDefaults({ env: { ...env, ...more }, application: { name: null, version: null }, namespace: 'tv\n' })['OTEL_RESOURCE_ATTRIBUTES']
    expect(of({})).toBe('k8s.namespace.name=tv,k8s.pod.name=epg-7f,k8s.node.name=n1')
    expect(of({ KUBERNETES_SERVICE_HOST: undefined })).toBeUndefined()
  })

  it('finds the package upwards, over files that are none, and stops at the top', () => {
    const files: Record<string, string> = {
      '/app/package.json': '{"name":"@tv/epg","version":"4.2"}',
      '/app/src/package.json': '{"type":"module"}',
      '/app/src/deep/package.json': 'not JSON',
    }
    expect(nearestPackage('/app/src/deep/main.js', (path) => files[path] ?? null)).toEqual(APPLICATION)
    expect(nearestPackage('/else/main.js', (path) => files[path] ?? null)).toEqual({ name: null, version: null })
  })
})

describe('console', () => {
  it('writes what it wrote, and makes one record of it with its severity; none while the SDK sends, and none of a record that fails', () => {
    const written: unknown[][] = []
    const records: unknown[] = []
    let suppressed = false
    const write = (...parts: unknown[]) => void written.push(parts)
    const target = { debug: write, error: write, info: write, log: write, trace: write, warn: write }
    const emit = (record: unknown): void => {
      records.push(record)
      target.warn('from inside')
      throw new Error('full')
    }
    recordConsole(target, { emit }, () => suppressed)
    target.error('a %s', 'b', { c: 1 })
    suppressed = true
    target.log('quiet')
    expect(written).toEqual([['a %s', 'b', { c: 1 }], ['from inside'], ['quiet']])
    expect(records).toEqual([{ severityNumber: 17, severityText: 'ERROR', body: 'a b { c: 1 }' }])
  })
})

describe('the end of a process', () => {
  function fake(othersListening: boolean) {
    const listeners = new Map<string, () => void>()
    const told: string[] = []
    const target: EndingProcess = {
      pid: 7,
      on: (event, listener) => listeners.set(event, listener),
      off: (event) => listeners.delete(event),
      listenerCount: () => (othersListening ? 2 : 1),
      kill: (pid, signal) => told.push(`kill ${pid} ${signal}`),
    }
    endWithTelemetry(
      target,
      async () => void told.push('shut down'),
      async () => void told.push('flush'),
    )
    return { listeners, told }
  }

  it('by a signal comes as without us, after all was sent, once', async () => {
    const { listeners, told } = fake(false)
    listeners.get('SIGTERM')?.()
    listeners.get('beforeExit')?.()
    await new Promise(setImmediate)
    expect(told).toEqual(['shut down', 'kill 7 SIGTERM'])
    expect(listeners.has('SIGTERM')).toBe(false)
  })

  it('is left to an application that listens, and what waits is sent', async () => {
    const { listeners, told } = fake(true)
    listeners.get('SIGINT')?.()
    await new Promise(setImmediate)
    expect(told).toEqual(['flush'])
  })
})

describe('node --import @skein/agent/register', () => {
  it('sends spans that belong together and records in their trace, of an application that knows nothing of it', { timeout: 60_000 }, async () => {
    const sink = await startSink()
    const app = spawn(process.execPath, ['--import', '@skein/agent/register', join(import.meta.dirname, 'app-for-tests.ts')], {
      env: { ...process.env, OTEL_EXPORTER_OTLP_ENDPOINT: sink.endpoint, OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json', OTEL_METRICS_EXPORTER: 'none' },
    })
    let output = ''
    for (const stream of [app.stdout, app.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
    await expect.poll(() => output, { timeout: 30_000 }).toContain('called\n')
    app.kill('SIGTERM')
    expect(await once(app, 'exit')).toEqual([null, 'SIGTERM'])
    await sink.close()
    const [client, server] = [sink.spans.find(({ kind }) => kind === 3), sink.spans.find(({ kind }) => kind === 2)]
    expect(server).toMatchObject({ traceId: client?.traceId, parentSpanId: client?.spanId })
    expect(output).toContain('served by console\n')
    expect(output).toMatch(new RegExp(`"trace_id":"${server?.traceId}".*"msg":"served by pino"`))
    const records = sink.records.map(({ body, severityText, traceId, spanId }) => [body.stringValue, severityText?.toUpperCase(), traceId, spanId])
    expect(records.toSorted(([a = ''], [b = '']) => (a < b ? -1 : 1))).toEqual([
      ['served by console', 'ERROR', server?.traceId, server?.spanId],
      ['served by pino', 'WARN', server?.traceId, server?.spanId],
    ])
    expect(sink.services).toEqual(new Set(['agent']))
  })
})

interface SentSpan {
  kind: number
  traceId: string
  spanId: string
  parentSpanId?: string
}

interface SentRecord {
  body: { stringValue: string }
  severityText?: string
  traceId: string
  spanId: string
}

interface Sent {
  resourceSpans?: { resource: SentResource; scopeSpans: { spans: SentSpan[] }[] }[]
  resourceLogs?: { resource: SentResource; scopeLogs: { logRecords: SentRecord[] }[] }[]
}

interface SentResource {
  attributes: { key: string; value: { stringValue?: string } }[]
}

async function startSink() {
  const spans: SentSpan[] = []
  const records: SentRecord[] = []
  const services = new Set<string | undefined>()
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const { resourceSpans = [], resourceLogs = [] } = JSON.parse(Buffer.concat(chunks).toString()) as Sent
      for (const { resource } of [...resourceSpans, ...resourceLogs])
        services.add(resource.attributes.find(({ key }) => key === 'service.name')?.value.stringValue)
      spans.push(...resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans)))
      records.push(...resourceLogs.flatMap(({ scopeLogs }) => scopeLogs.flatMap((scope) => scope.logRecords)))
      response.end('{}')
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    records,
    services,
    close: async () => {
      server.close()
      server.closeAllConnections()
    },
  }
}
