import { expect, it } from 'vitest'
import { probeReadings } from './probe-metrics.ts'

it('a probe is a gauge for each measure that was taken, and its errors', () => {
  const from = { name: 'a', labels: { network: 'calico' } }
  const to = { name: 'b', labels: { network: 'flannel' } }
  const readings = probeReadings({ from, to, address: 'b:1', timeMs: 1, measured: { connectMs: 0.5, downBytesPerSecond: 7, errors: ['upload: no'] } })
  const attributes = { 'skein.probe.from': 'a', 'skein.probe.to': 'b', 'skein.probe.from.network': 'calico', 'skein.probe.to.network': 'flannel' }
  expect(readings).toEqual([
    { name: 'skein.probe.connect.duration', unit: 'ms', kind: 'gauge', points: [{ attributes, value: 0.5 }] },
    { name: 'skein.probe.bandwidth.down', unit: 'By/s', kind: 'gauge', points: [{ attributes, value: 7 }] },
    { name: 'skein.probe.errors', unit: '{error}', kind: 'gauge', points: [{ attributes, value: 1 }] },
  ])
})
