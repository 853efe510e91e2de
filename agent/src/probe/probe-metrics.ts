import { ProbeAttribute, PROBE_FROM_LABEL, PROBE_TO_LABEL } from '@skein/schemas/agent-probe'
import type { Reading } from '../metrics/reading.ts'
import { labelled, type ProbeResult } from './probe-record.ts'

const MEASURES = [
  ['connectMs', 'skein.probe.connect.duration', 'ms'],
  ['httpP50Ms', 'skein.probe.http.duration.p50', 'ms'],
  ['httpP95Ms', 'skein.probe.http.duration.p95', 'ms'],
  ['requestsPerSecond', 'skein.probe.requests', '{request}/s'],
  ['downBytesPerSecond', 'skein.probe.bandwidth.down', 'By/s'],
  ['upBytesPerSecond', 'skein.probe.bandwidth.up', 'By/s'],
] as const

/** What a probe found, as gauges of its way. */
export function probeReadings({ from, to, measured }: ProbeResult): Reading[] {
  const attributes = {
    [ProbeAttribute.from]: from.name,
    [ProbeAttribute.to]: to.name,
    ...labelled(PROBE_FROM_LABEL, from.labels),
    ...labelled(PROBE_TO_LABEL, to.labels),
  }
  const taken = MEASURES.flatMap(([measure, name, unit]): Reading[] => {
    const value = measured[measure]
    return value === undefined ? [] : [{ name, unit, kind: 'gauge', points: [{ attributes, value }] }]
  })
  return [...taken, { name: 'skein.probe.errors', unit: '{error}', kind: 'gauge', points: [{ attributes, value: measured.errors.length }] }]
}
