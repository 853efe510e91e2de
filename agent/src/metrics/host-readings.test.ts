import { expect, it } from 'vitest'
import { bootSeconds, cpuReadings, diskReadings, memoryReadings, networkReadings } from './host-readings.ts'
import type { Reading } from './reading.ts'

const values = (readings: Reading[], name: string) =>
  readings.find((reading) => reading.name === name)?.points.map(({ attributes, value }) => [...Object.values(attributes), value])

const STAT = `cpu  3018865 97525 727045 1957737 26929 0 19677 3414 0 0
cpu0 1511749 61835 344847 993763 7348 0 4174 1732 0 0
cpu1 1507115 35689 382198 963974 19580 0 15502 1682 0 0
intr 1 2 3
btime 1795000000
`

it('time of all cores is told by mode in seconds, with how many there are', () => {
  const readings = cpuReadings(STAT)
  expect(values(readings, 'system.cpu.time')).toEqual([
    ['user', 30188.65],
    ['nice', 975.25],
    ['system', 7270.45],
    ['idle', 19577.37],
    ['iowait', 269.29],
    ['interrupt', 0],
    ['softirq', 196.77],
    ['steal', 34.14],
  ])
  expect(values(readings, 'system.cpu.logical.count')).toEqual([[2]])
  expect([bootSeconds(STAT), bootSeconds('')]).toEqual([1_795_000_000, null])
})

it('memory is all of it, in parts that do not overlap', () => {
  const meminfo =
    'MemTotal:       1000 kB\nMemFree:         200 kB\nMemAvailable:    600 kB\nBuffers:          50 kB\nCached:          300 kB\nSReclaimable:     50 kB\n'
  const readings = memoryReadings(meminfo)
  expect(values(readings, 'system.memory.usage')).toEqual([
    ['used', 400 * 1024],
    ['free', 200 * 1024],
    ['buffers', 50 * 1024],
    ['cached', 350 * 1024],
  ])
  expect(values(readings, 'system.memory.limit')).toEqual([[1000 * 1024]])
  expect(values(readings, 'system.memory.linux.available')).toEqual([[600 * 1024]])
})

it('disks are counted whole, and not what stands for them', () => {
  const line = (device: string, read: number, written: number): string => `   8  0 ${device} 10 0 ${read} 5 20 0 ${written} 7 0 3 4 0 0 0 0`
  const all = ['sda', 'sda1', 'nvme0n1', 'nvme0n1p2', 'vda', 'vda3', 'loop0', 'dm-0', 'md127', 'zram0', 'sr0'].map((device) => line(device, 2, 4)).join('\n')
  const readings = diskReadings(all)
  expect(values(readings, 'system.disk.io')).toEqual(
    ['sda', 'nvme0n1', 'vda'].flatMap((device) => [
      [device, 'read', 1024],
      [device, 'write', 2048],
    ]),
  )
  expect(values(readings, 'system.disk.operations')?.slice(0, 2)).toEqual([
    ['sda', 'read', 10],
    ['sda', 'write', 20],
  ])
})

it('interfaces are counted without loopback and ends of containers', () => {
  const dev = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo: 44872707610 8704597    0    0    0     0          0         0 44872707610 8704597    0    0    0     0       0          0
  eth0:1000 20 3 0 0 0 0 0 4000 50 6 0 0 0 0 0
vethab12: 1 1 0 0 0 0 0 0 1 1 0 0 0 0 0 0
`
  const readings = networkReadings(dev)
  expect(values(readings, 'system.network.io')).toEqual([
    ['eth0', 'receive', 1000],
    ['eth0', 'transmit', 4000],
  ])
  expect(values(readings, 'system.network.errors')).toEqual([
    ['eth0', 'receive', 3],
    ['eth0', 'transmit', 6],
  ])
})

it('what cannot be read yields nothing', () => {
  for (const text of ['', 'nonsense', '\0\n\n', 'cpu', 'eth0:', '   8 0 sda 1']) {
    const all = [...memoryReadings(text), ...diskReadings(text), ...networkReadings(text), ...(text.startsWith('cpu') ? [] : cpuReadings(text))]
    expect(all.flatMap(({ points }) => points)).toEqual([])
  }
})
