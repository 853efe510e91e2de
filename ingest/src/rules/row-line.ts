import { BodyKind } from '@skein/schemas/log'
import type { RuleLine } from '@skein/schemas/rules/rule-line'
import { nsOfWords } from '../decode/nanoseconds.ts'
import type { BatchResource } from '../decode/span-batch.ts'
import { type LogBatch, serviceOf } from '../logs/log-batch.ts'
import { attributesOf } from './attribute-values.ts'

/** W3C trace flags. */
const SAMPLED = 1

/** What is not in the columns of a row: attributes of its resource, and its pattern. */
export type Beside = Pick<RuleLine, 'resource' | 'pattern'>

/** A row as rules see it. */
export function lineOfRow(batch: LogBatch, row: number, beside: Beside): RuleLine {
  return {
    timeNs: nsOfWords(batch.timeLow[row]!, batch.timeHigh[row]!),
    logTimeMs: batch.envelopes[batch.envelope[row]!]!.logTimeMs,
    severity: batch.severity[row]!,
    severityText: batch.severityTexts[batch.severityText[row]!] ?? '',
    service: serviceOf(batch, row),
    ...placeOf(batch.resources[batch.resource[row]!]),
    scope: batch.scopes[batch.scope[row]!] ?? '',
    traceId: idOf(batch, batch.traceId[row]!, 16),
    spanId: idOf(batch, batch.spanId[row]!, 8),
    sampled: (batch.flags[row]! & SAMPLED) === SAMPLED,
    body: batch.bytes.toString('utf8', batch.bodyStart[row], batch.bodyEnd[row]),
    bodyKind: batch.bodyKind[row] === BodyKind.json ? 'json' : 'text',
    attributes: attributesOf(batch, row),
    ...beside,
  }
}

function placeOf(from: BatchResource | undefined): Pick<RuleLine, 'environment' | 'cluster' | 'namespace'> {
  return from === undefined ? NOWHERE : { environment: from.environment, cluster: from.cluster, namespace: from.namespace }
}

const NOWHERE = { environment: '', cluster: '', namespace: '' }

function idOf({ bytes }: LogBatch, start: number, length: number): string {
  return start < 0 ? '' : bytes.toString('hex', start, start + length)
}
