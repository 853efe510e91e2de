import type { AgentConfig } from '@skein/schemas/agent-config'
import type { AgentLogger, Clock } from './agent-deps.ts'
import type { Attributes } from './otlp/attributes.ts'
import { type Counters, createCounters } from './send/counters.ts'
import { createExporter, type ExporterOptions } from './send/exporter.ts'
import { createPump, type Pump } from './send/pump.ts'
import { createSender, type Sender } from './send/sender.ts'

export interface DeliveryDeps {
  config: AgentConfig
  /** Base address of OTLP over HTTP. */
  endpoint: string
  hostName: string
  version: string
  logger: AgentLogger
  clock: Clock
  random: () => number
}

/** The way from feeds to the collector. */
export interface Delivery {
  readonly pump: Pump
  readonly sender: Sender
  readonly counters: Counters
  /** Of the host, and what the configuration adds. */
  readonly resource: Attributes
  stop(deadlineMs: number): Promise<void>
}

export function createDelivery(deps: DeliveryDeps): Delivery {
  const { config, logger, clock, random } = deps
  const counters = createCounters()
  const exporter = createExporter({ ...exporterOptions(deps), signal: 'logs', connections: config.requests })
  const encoding = config.compression === 'auto' ? 'zstd' : config.compression
  const meanwhile = 'reading waits, nothing is lost while the files are there'
  const sender = createSender({ signal: 'logs', exporter, encoding, counters, logger, random, sleep, meanwhile })
  const { requests, requestBytes } = config
  const pump = createPump({ sender, counters, clock, requests, requestBytes, after: (ms) => sleep(ms) })
  return {
    pump,
    sender,
    counters,
    resource: resourceOf(deps),
    async stop(deadlineMs) {
      await pump.stop(deadlineMs)
      exporter.close()
    },
  }
}

/** Where requests go, and as whose. */
export function exporterOptions({ config, endpoint, version }: DeliveryDeps): Pick<ExporterOptions, 'endpoint' | 'key' | 'userAgent'> {
  return { endpoint, key: config.key, userAgent: `skein-agent/${version}` }
}

function resourceOf({ config, hostName }: DeliveryDeps): Attributes {
  return {
    'host.name': config.hostName ?? hostName,
    ...(config.environment === undefined ? {} : { 'deployment.environment.name': config.environment }),
    ...(config.cluster === undefined ? {} : { 'k8s.cluster.name': config.cluster }),
    ...config.attributes,
  }
}

/** Resolves early when the signal says so. */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, signal?.aborted === true ? 0 : ms)
    signal?.addEventListener('abort', done)
  })
}
