import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { recordConsole } from './console-records.ts'
import { applicationFolder, type Files, nearestPackage } from './nearest-package.ts'
import { registerDefaults, setForNow } from './register-defaults.ts'

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

  it('is as it was once the SDK has started, so that what the application starts is named after itself', () => {
    const env: Record<string, string | undefined> = { OTEL_RESOURCE_ATTRIBUTES: 'a=b', PATH: '/bin' }
    const restore = setForNow(env, { OTEL_SERVICE_NAME: 'epg', OTEL_RESOURCE_ATTRIBUTES: 'a=b,c=d' })
    expect(env).toMatchObject({ OTEL_SERVICE_NAME: 'epg', OTEL_RESOURCE_ATTRIBUTES: 'a=b,c=d' })
    restore()
    expect(env).toEqual({ OTEL_RESOURCE_ATTRIBUTES: 'a=b', PATH: '/bin' })
  })
})

describe('the package of an application', () => {
  const FILES: Record<string, string> = {
    '/app/package.json': '{"name":"@tv/epg","version":"4.2"}',
    '/app/src/package.json': '{"type":"module"}',
    '/app/src/deep/package.json': 'not JSON',
    '/app/src/deep/main.js': '',
    '/app/dist/main.js': '',
    '/app/packages/drm/package.json': '{"name":"drm"}',
    '/app/packages/drm/main.js': '',
    '/app/node_modules/next/package.json': '{"name":"next","version":"16"}',
    '/app/node_modules/next/bin/next.js': '',
    '/usr/lib/node_modules/tool/package.json': '{"name":"tool","version":"1"}',
    '/usr/lib/node_modules/tool/bin.js': '',
  }
  const LINKS: Record<string, string> = {
    '/app/node_modules/.bin/next': '/app/node_modules/next/bin/next.js',
    '/usr/bin/tool': '/usr/lib/node_modules/tool/bin.js',
    '/app/node_modules/drm/main.js': '/app/packages/drm/main.js',
  }
  const files: Files = {
    readText: (path) => FILES[path] ?? null,
    resolve(named) {
      const path = LINKS[named] ?? named
      if (FILES[path] !== undefined) return { path, isFolder: false }
      return Object.keys(FILES).some((file) => file.startsWith(`${path}/`)) ? { path, isFolder: true } : null
    },
  }
  it.each([
    ['node /app/src/deep/main.js, over files that name none', '/app/src/deep/main.js', '/', 'epg'],
    ['node .', '/app', '/app', 'epg'],
    ['node dist/main.js', '/app/dist/main.js', '/app', 'epg'],
    ['node dist/main, without its ending', '/app/dist/main', '/app', 'epg'],
    ['node -e', undefined, '/app', 'epg'],
    ['a member of a workspace', '/app/packages/drm/main.js', '/app', 'drm'],
    ['a member of a workspace through its link', '/app/node_modules/drm/main.js', '/app', 'drm'],
    ['a tool that the package here depends on', '/app/node_modules/.bin/next', '/app', 'epg'],
    ['such a tool for a member of a workspace', '/app/node_modules/.bin/next', '/app/packages/drm', 'drm'],
    ['a command that was installed for all', '/usr/bin/tool', '/app', 'tool'],
    ['what lies in no package', '/else/main.js', '/app', null],
  ])('is found for %s', (_how, entry, workingFolder, name) => {
    expect(nearestPackage(applicationFolder(entry, workingFolder, files), files).name).toBe(name)
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
  async function endOf(way: string, signal: NodeJS.Signals): Promise<{ end: unknown[]; output: string }> {
    const app = spawn(process.execPath, [join(import.meta.dirname, 'ending-for-tests.ts'), way])
    let output = ''
    for (const stream of [app.stdout, app.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
    const exited = once(app, 'exit')
    await expect.poll(() => output, { timeout: 30_000 }).toContain('up\n')
    app.kill(signal)
    if (way === 'stays') {
      await expect.poll(() => output, { timeout: 30_000 }).toContain('flushed\n')
      expect(app.exitCode ?? app.signalCode).toBeNull()
      app.kill('SIGKILL')
    }
    return { end: await exited, output: output.replace('up\n', '') }
  }

  it.each([
    ['is by the signal when nobody else listens, after all was sent', 'nobody', 'SIGTERM', [null, 'SIGTERM'], 'shut down\n'],
    ['is left to an application that listens, and what waits is sent', 'own', 'SIGTERM', [7, null], 'flushed\n'],
    ['does not come while an application that listens stays', 'stays', 'SIGTERM', [null, 'SIGKILL'], 'not now\nflushed\n'],
    ['is by the signal that an application raises again, after all was sent', 'again', 'SIGTERM', [null, 'SIGTERM'], 'shut down\n'],
    ['is by the signal where only those listen who end alone', 'signalExit', 'SIGTERM', [null, 'SIGTERM'], 'shut down\n'],
    ['is that of an error that nobody caught', 'throws', 'SIGUSR2', [1, null], 'Error: broken\n'],
    ['is what the application says when it exits', 'exits', 'SIGUSR2', [3, null], ''],
    ['comes after all was sent when nothing is left to do', 'nobody', 'SIGUSR1', [0, null], 'shut down\n'],
  ] as const)('%s', async (...[, way, signal, end, told]) => {
    const seen = await endOf(way, signal)
    expect(seen.end).toEqual(end)
    expect(seen.output).toContain(told)
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
    expect(output).toMatch(new RegExp(`"message":"served by winston".*"trace_id":"${server?.traceId}"`))
    const records = sink.records.map(({ body, severityText, traceId, spanId }) => [body.stringValue, severityText?.toUpperCase(), traceId, spanId])
    expect(records.toSorted(([a = ''], [b = '']) => (a < b ? -1 : 1))).toEqual([
      ['served by console', 'ERROR', server?.traceId, server?.spanId],
      ['served by pino', 'WARN', server?.traceId, server?.spanId],
      ['served by winston', 'INFO', server?.traceId, server?.spanId],
    ])
    expect(sink.services).toEqual(new Set(['agent']))
    expect(output, 'variables that a child process would inherit').toContain(
      'variables: OTEL_EXPORTER_OTLP_ENDPOINT,OTEL_EXPORTER_OTLP_PROTOCOL,OTEL_METRICS_EXPORTER\n',
    )
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
