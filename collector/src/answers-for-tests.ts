import { bytesField } from './answers/field-writer.ts'
import type { RpcStatus } from './clients-for-tests.ts'
import { decodeMessage, encodeMessage } from './otlp-oracle.ts'

export function span(fields: object): Buffer {
  const base = {
    traceId: Buffer.alloc(16, 1),
    spanId: Buffer.alloc(8, 2),
    name: 'x',
    startTimeUnixNano: `${Date.now()}000000`,
    endTimeUnixNano: `${Date.now() + 1}000000`,
  }
  return encodeMessage('ExportTraceServiceRequest', { resourceSpans: [{ scopeSpans: [{ spans: [{ ...base, ...fields }] }] }] })
}

/** A span with one attribute whose value is nested so deep; protobufjs will not write it. */
export function deepRequest(depth: number): Buffer {
  let value: Uint8Array = Buffer.from([0x10, 1])
  for (let level = 1; level < depth; level++) value = bytesField(5, bytesField(1, value))
  const ids = Buffer.concat([bytesField(1, Buffer.alloc(16, 1)), bytesField(2, Buffer.alloc(8, 2))])
  return Buffer.from(bytesField(1, bytesField(2, bytesField(2, Buffer.concat([ids, bytesField(9, bytesField(2, value))])))))
}

export function statusOf(body: Buffer): RpcStatus {
  return decodeMessage('RpcStatus', body) as RpcStatus
}

export function detailOf(status: RpcStatus | null, type: string): Record<string, unknown> | null {
  const found = status?.details?.find(({ typeUrl }) => typeUrl === `type.googleapis.com/google.rpc.${type}`)
  return found === undefined ? null : decodeMessage(type, Buffer.from(found.value, 'base64'))
}
