import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Setting } from './setting.ts'

export interface ProcessOptions {
  /** Where spans go, as `OTEL_EXPORTER_OTLP_ENDPOINT`. */
  otlpEndpoint: string
  /** Ingest key, when the collector wants one. */
  key?: string
  environment: string
  /** Environment of this process, handed on. */
  env: NodeJS.ProcessEnv
}

export interface DemoProcess {
  child: ChildProcess
  /** Resolves when it serves; rejects when it ended before. */
  ready: Promise<void>
  /** Asks it to end, and resolves when it has. */
  stop(): Promise<void>
}

export function startStandIns(setting: Setting, { env }: ProcessOptions): DemoProcess {
  const path = join(import.meta.dirname, 'stand-ins', 'main.ts')
  return watched('the stand-ins', fork(path, [], { env: { ...env, DEMO_SETTING: JSON.stringify(setting) }, detached: true }))
}

/** An instance of a service, under OpenTelemetry's own auto-instrumentation. */
export function startService(name: string, setting: Setting & Required<Pick<Setting, 'instance'>>, options: ProcessOptions): DemoProcess {
  const { instance } = setting
  const attributes = [
    `deployment.environment.name=${options.environment}`,
    'service.namespace=tv',
    `service.version=${instance.version}`,
    `service.instance.id=${instance.name}`,
  ]
  const child = fork(join(import.meta.dirname, 'services', 'main.ts'), [name], {
    detached: true,
    execArgv: [
      '--disable-warning=ExperimentalWarning',
      '--disable-warning=DEP0205',
      '--experimental-loader=@opentelemetry/instrumentation/hook.mjs',
      '--import',
      '@opentelemetry/auto-instrumentations-node/register',
    ],
    env: {
      ...options.env,
      DEMO_SETTING: JSON.stringify(setting),
      OTEL_SERVICE_NAME: name,
      OTEL_RESOURCE_ATTRIBUTES: attributes.join(','),
      OTEL_EXPORTER_OTLP_ENDPOINT: options.otlpEndpoint,
      ...(options.key === undefined ? {} : { OTEL_EXPORTER_OTLP_HEADERS: `x-skein-key=${options.key}` }),
      OTEL_METRICS_EXPORTER: 'none',
      OTEL_LOGS_EXPORTER: 'none',
      OTEL_BSP_SCHEDULE_DELAY: '1000',
      OTEL_NODE_RESOURCE_DETECTORS: 'env,host,process',
      OTEL_NODE_ENABLED_INSTRUMENTATIONS: 'http,express,pg,ioredis,pino',
    },
  })
  return watched(name, child)
}

function watched(name: string, child: ChildProcess): DemoProcess {
  const exited = once(child, 'exit')
  const early = exited.then(([code]) => {
    throw new Error(`${name} ended with ${code} before it was ready`)
  })
  const ready = Promise.race([once(child, 'message').then(() => undefined), early])
  ready.catch(() => undefined)
  early.catch(() => undefined)
  return {
    child,
    ready,
    async stop() {
      child.kill('SIGTERM')
      await exited
    },
  }
}
