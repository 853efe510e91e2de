import type { Point, Reading } from './reading.ts'

/** Ticks of `/proc/stat` in a second: USER_HZ, the same on every Linux. */
const TICKS = 100
const SECTOR_BYTES = 512
const MODES = ['user', 'nice', 'system', 'idle', 'iowait', 'interrupt', 'softirq', 'steal'] as const
/** Disks that stand for others or for memory. */
const NO_DISK = /^(?:loop|ram|zram|fd|sr|dm-|md)\d*/
const PARTITION = /^(?:(?:sd|vd|hd|xvd)[a-z]+\d+|(?:nvme|mmcblk)\d+(?:n\d+)?p\d+)$/
const NO_INTERFACE = /^(?:lo$|veth|cali|lxc|ifb)/

/** `/proc/stat`; nothing of what cannot be read. */
export function cpuReadings(stat: string): Reading[] {
  const lines = stat.split('\n')
  const all = lines.find((line) => line.startsWith('cpu '))
  if (all === undefined) return []
  const ticks = numbersIn(all.slice(4))
  const time = MODES.flatMap((mode, at): Point[] => (ticks[at] === undefined ? [] : [{ attributes: { 'cpu.mode': mode }, value: ticks[at] / TICKS }]))
  const cores = lines.filter((line) => /^cpu\d/.test(line)).length
  return [
    { name: 'system.cpu.time', unit: 's', kind: 'counter', points: time },
    { name: 'system.cpu.logical.count', unit: '{cpu}', kind: 'upDown', points: [{ attributes: {}, value: cores }] },
  ]
}

/** When the host started, Unix s, by `/proc/stat`; null when it does not say. */
export function bootSeconds(stat: string): number | null {
  const found = /^btime (\d+)$/m.exec(stat)
  return found === null ? null : Number(found[1])
}

/** `/proc/meminfo`. Used is what is neither free nor taken for caches. */
export function memoryReadings(meminfo: string): Reading[] {
  const of = (name: string): number | undefined => {
    const found = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(meminfo)
    return found === null ? undefined : Number(found[1]) * 1024
  }
  const [total, free, buffers = 0, cached = 0, reclaimable = 0, available] = ['MemTotal', 'MemFree', 'Buffers', 'Cached', 'SReclaimable', 'MemAvailable'].map(
    of,
  )
  if (total === undefined || free === undefined) return []
  const states = { used: Math.max(0, total - free - buffers - cached - reclaimable), free, buffers, cached: cached + reclaimable }
  const usage = Object.entries(states).map(([state, value]) => ({ attributes: { 'system.memory.state': state }, value }))
  return [
    { name: 'system.memory.usage', unit: 'By', kind: 'upDown', points: usage },
    { name: 'system.memory.limit', unit: 'By', kind: 'upDown', points: [{ attributes: {}, value: total }] },
    ...(available === undefined
      ? []
      : [{ name: 'system.memory.linux.available', unit: 'By', kind: 'upDown' as const, points: [{ attributes: {}, value: available }] }]),
  ]
}

/** `/proc/diskstats`: whole disks alone, so that nothing counts twice. */
export function diskReadings(diskstats: string): Reading[] {
  const io: Point[] = []
  const operations: Point[] = []
  for (const line of diskstats.split('\n')) {
    const [, , device, reads, , sectorsRead, , writes, , sectorsWritten] = line.trim().split(/\s+/)
    if (device === undefined || sectorsWritten === undefined || NO_DISK.test(device) || PARTITION.test(device)) continue
    const add = (points: Point[], direction: string, value: number): void =>
      void points.push({ attributes: { 'system.device': device, 'disk.io.direction': direction }, value })
    add(io, 'read', Number(sectorsRead) * SECTOR_BYTES)
    add(io, 'write', Number(sectorsWritten) * SECTOR_BYTES)
    add(operations, 'read', Number(reads))
    add(operations, 'write', Number(writes))
  }
  return [
    { name: 'system.disk.io', unit: 'By', kind: 'counter', points: io },
    { name: 'system.disk.operations', unit: '{operation}', kind: 'counter', points: operations },
  ]
}

/** `/proc/net/dev`, without loopback and the host's ends of containers. */
export function networkReadings(dev: string): Reading[] {
  const { io, errors } = networkPoints(dev)
  return [
    { name: 'system.network.io', unit: 'By', kind: 'counter', points: io },
    { name: 'system.network.errors', unit: '{error}', kind: 'counter', points: errors },
  ]
}

/** Bytes and errors by interface and direction. */
export function networkPoints(dev: string): { io: Point[]; errors: Point[] } {
  const io: Point[] = []
  const errors: Point[] = []
  for (const line of dev.split('\n')) {
    const { name, values } = interfaceIn(line)
    if (values.length < 11 || NO_INTERFACE.test(name)) continue
    const [received = 0, , receiveErrors = 0, , , , , , sent = 0, , sendErrors = 0] = values
    const add = (points: Point[], direction: string, value: number): void =>
      void points.push({ attributes: { 'network.interface.name': name, 'network.io.direction': direction }, value })
    add(io, 'receive', received)
    add(io, 'transmit', sent)
    add(errors, 'receive', receiveErrors)
    add(errors, 'transmit', sendErrors)
  }
  return { io, errors }
}

function interfaceIn(line: string): { name: string; values: number[] } {
  const colon = line.indexOf(':')
  return colon === -1 ? { name: '', values: [] } : { name: line.slice(0, colon).trim(), values: numbersIn(line.slice(colon + 1)) }
}

function numbersIn(text: string): number[] {
  return text.trim().split(/\s+/).map(Number).filter(Number.isFinite)
}
