import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { freePorts } from './free-ports.ts'
import { SERVICES } from './services/services.ts'
import type { Setting, SlowEdge } from './setting.ts'
import { startViewers } from './viewers.ts'

export interface DemoOptions {
  /** Where spans go, as `OTEL_EXPORTER_OTLP_ENDPOINT`. */
  otlpEndpoint: string
  /** Ingest key, when the collector wants one. */
  key?: string
  actionsPerSecond: number
  environment: string
  /** One line a step, for a person. */
  say(line: string): void
  /** Environment of this process, handed on. */
  env: NodeJS.ProcessEnv
}

export interface Demo {
  /** playback → drm becomes slow between the two, or normal again. */
  setSlow(on: boolean): void
  readonly counts: { sent: number; failed: number }
  /** Ends the viewers, lets the services export what they have, and ends them. */
  stop(): Promise<void>
}

const STAND_INS = ['postgresql', 'redis', 'demoq', 'pay.partner.example']
export const SLOW_EDGE: SlowEdge = { source: 'playback', target: 'drm', extraMs: 700 }

/** Starts the small TV operator: a process per service, under OpenTelemetry's own auto-instrumentation, and viewers that use it. */
export async function startDemo(options: DemoOptions): Promise<Demo> {
  const names = [...STAND_INS, ...Object.keys(SERVICES)]
  const ports = await freePorts(names.length)
  const setting: Setting = { ports: Object.fromEntries(names.map((name, i) => [name, ports[i] ?? 0])) }
  const children: ChildProcess[] = []
  options.say(`Starting ${names.length} parts of a small TV operator …`)
  const standIns = fork(join(import.meta.dirname, 'stand-ins', 'main.ts'), [], {
    env: { ...options.env, DEMO_SETTING: JSON.stringify(setting) },
    detached: true,
  })
  children.push(standIns)
  await ready(standIns, 'the stand-ins')
  const services = Object.keys(SERVICES).map((name) => ({ name, child: startService(name, setting, options) }))
  children.push(...services.map(({ child }) => child))
  await Promise.all(services.map(({ name, child }) => ready(child, name).then(() => options.say(`  ${name} runs`))))
  const viewers = startViewers(setting.ports['gateway'] ?? 0, options.actionsPerSecond)
  options.say(`Viewers send ${options.actionsPerSecond} requests a second.`)
  return {
    counts: viewers.counts,
    setSlow(on) {
      for (const { child } of services) child.send({ slow: on ? SLOW_EDGE : null })
    },
    async stop() {
      viewers.stop()
      for (const { child } of services) child.kill('SIGTERM')
      await Promise.all(services.map(({ child }) => ended(child)))
      standIns.kill('SIGTERM')
      await ended(standIns)
    },
  }
}

function startService(name: string, setting: Setting, options: DemoOptions): ChildProcess {
  const attributes = [`deployment.environment.name=${options.environment}`, 'service.namespace=tv', 'service.version=4.12.2', `service.instance.id=${name}-1`]
  return fork(join(import.meta.dirname, 'services', 'main.ts'), [name], {
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
      OTEL_NODE_ENABLED_INSTRUMENTATIONS: 'http,express,pg,ioredis',
    },
  })
}

async function ready(child: ChildProcess, name: string): Promise<void> {
  const exit = once(child, 'exit').then(([code]) => {
    throw new Error(`${name} ended with ${code} before it was ready`)
  })
  await Promise.race([once(child, 'message'), exit])
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  await once(child, 'exit')
}
