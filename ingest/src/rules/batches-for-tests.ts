import type { RuleDefinition, TenantRules } from '@skein/schemas/log-rule'
import { DECODER_OPTIONS } from '../decode/oracle-for-tests.ts'
import { createLogDecoder } from '../logs/decode-logs.ts'
import type { LogBatch } from '../logs/log-batch.ts'
import { encodeLogs } from '../logs/logs-for-tests.ts'
import type { TimeLimits } from '@skein/schemas/rules/run'

export const TIMES: TimeLimits = { pastDays: 7, futureMinutes: 10 }

export const RECEIVED_MS = 1_764_000_000_000

export interface LineForTests {
  body?: string
  service?: string
  severityNumber?: number
  attributes?: Record<string, string | number | boolean>
  trace?: string
  partition?: number
  offset?: number
  receivedMs?: number
  tenant?: string
}

const decoder = () => createLogDecoder({ ...DECODER_OPTIONS, maxInternedBytes: 1 << 24 })

/** Each line is an envelope of its own. */
export function batchOfLines(lines: readonly LineForTests[], decode = decoder()): LogBatch {
  const { batch } = decode.decode(lines.map((line, at) => ({ envelope: envelopeOf(line, at), payload: payloadOf(line) })))
  return batch
}

function envelopeOf({ partition = 0, offset, receivedMs = RECEIVED_MS, tenant = 't' }: LineForTests, at: number) {
  return { topic: 'skein.logs', partition, offset: offset ?? at, tenant, keyId: '', receivedAtMs: receivedMs, logTimeMs: receivedMs, linkedCopy: false }
}

function payloadOf({ body, service = 'gateway', severityNumber = 9, attributes = {}, trace, receivedMs = RECEIVED_MS }: LineForTests): Uint8Array {
  const pairs = Object.entries(attributes).map(([key, value]) => ({ key, value: anyOf(value) }))
  const record = {
    timeUnixNano: `${receivedMs}000000`,
    severityNumber,
    attributes: pairs,
    ...(body === undefined ? {} : { body: { stringValue: body } }),
    ...(trace === undefined ? {} : { traceId: Buffer.from(trace, 'hex') }),
  }
  const resource = {
    attributes: Object.entries({ 'service.name': service, 'deployment.environment.name': 'prod', 'host.name': 'h1' }).map(([key, value]) => ({
      key,
      value: anyOf(value),
    })),
  }
  return encodeLogs({ resourceLogs: [{ resource, scopeLogs: [{ logRecords: [record] }] }] })
}

function anyOf(value: string | number | boolean) {
  return typeof value === 'string'
    ? { stringValue: value }
    : typeof value === 'boolean'
      ? { boolValue: value }
      : Number.isInteger(value)
        ? { intValue: String(value) }
        : { doubleValue: value }
}

/** Rules of tenant `t` in one pipeline, from the beginning of time. */
export function rulesOf(definitions: readonly Omit<RuleDefinition, 'name' | 'enabled'>[], effectiveFromMs = 1): TenantRules {
  const rules = definitions.map((definition, at) => ({
    id: `r${at}`,
    tenant: 't',
    createdAtMs: 0,
    updatedAtMs: 0,
    versions: [{ version: 1, definition: { name: `r${at}`, enabled: true, ...definition }, effectiveFromMs }],
  }))
  const pipelines = [{ id: 'main', name: 'Main', enabled: true, match: '', rules: rules.map(({ id }) => id) }]
  return { tenant: 't', rules, order: { tenant: 't', salt: '00112233445566778899aabbccddeeff', versions: [{ version: 1, effectiveFromMs, pipelines }] } }
}
