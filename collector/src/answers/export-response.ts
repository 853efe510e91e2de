import { REJECTED_JSON } from '@skein/schemas/otlp-count'
import { ExportTracePartialSuccess, ExportTraceServiceResponse } from '@skein/schemas/otlp-wire'
import { bytesField, textField, varintField } from './field-writer.ts'

export type OtlpSignal = 'traces' | 'logs' | 'metrics'
export type StoredSignal = Exclude<OtlpSignal, 'metrics'>

/** An accepted request. `rejected` 0 and an empty message: everything was taken as it is. */
export interface Accepted {
  rejected: number
  message: string
}

/** Export…ServiceResponse of any signal; their field numbers agree. Empty when there is nothing to say. */
export function encodeExportResponse(accepted: Accepted): Buffer {
  if (accepted.rejected === 0 && accepted.message === '') return Buffer.alloc(0)
  const partial = Buffer.concat([
    varintField(ExportTracePartialSuccess.rejectedSpans, accepted.rejected),
    textField(ExportTracePartialSuccess.errorMessage, accepted.message),
  ])
  return Buffer.from(bytesField(ExportTraceServiceResponse.partialSuccess, partial))
}

export function exportResponseJson(signal: OtlpSignal, accepted: Accepted): string {
  if (accepted.rejected === 0 && accepted.message === '') return '{}'
  return JSON.stringify({
    partialSuccess: {
      ...(accepted.rejected > 0 ? { [REJECTED_JSON[signal]]: String(accepted.rejected) } : {}),
      errorMessage: accepted.message,
    },
  })
}
