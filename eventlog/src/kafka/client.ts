import kafkajs, { type Kafka } from 'kafkajs'
import type { Report } from '../report.ts'
import { calmRequestTimers } from './request-timer.ts'

/** An append is answered within this. */
export const APPEND_MS = 8000
/** How long a broker may wait for its replicas. */
export const ACK_MS = 4000
const REQUEST_MS = 5000
const CONNECT_MS = 2000

/** 50 ms, then up to 500 ms apart: about 8 s in all. On the client too, since its own retry rules reconnects and backs off to 30 s. */
export const RETRY = { initialRetryTime: 50, maxRetryTime: 500, retries: 18 }

export interface ClientOptions {
  /** How long an answer may take. */
  requestMs?: number
  brokers: readonly string[]
  clientId: string
  report: Report
}

export function createClient({ brokers, clientId, report, requestMs = REQUEST_MS }: ClientOptions): Kafka {
  calmRequestTimers()
  return new kafkajs.Kafka({
    clientId,
    brokers: [...brokers],
    requestTimeout: requestMs,
    connectionTimeout: CONNECT_MS,
    retry: RETRY,
    logLevel: kafkajs.logLevel.WARN,
    logCreator:
      () =>
      ({ namespace, level, log }) =>
        report(level === kafkajs.logLevel.ERROR ? 'error' : 'warn', 'kafka_client', { namespace, text: log.message }),
  })
}

/** The broker's name of an error, from the depths of its causes; '' when there is none. */
export function errorType(error: unknown): string {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const type = (cause as { type?: unknown }).type
    if (typeof type === 'string') return type
  }
  return ''
}
