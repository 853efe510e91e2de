import type { HostFiles } from './host-files.ts'
import type { Point, Reading } from './reading.ts'

export interface Container {
  /** 64 hex digits. */
  id: string
  /** Uid of its pod, when a Kubernetes node runs it. */
  podUid: string | null
  /** Directory of its cgroup: one under version 2, one a controller under version 1. */
  directory: { cpu: string; memory: string; io: string | null }
}

const MAX_CONTAINERS = 1000
const MAX_DIRECTORIES = 20_000
const MAX_DEPTH = 10
const CONTAINER = /(?:^|-)([0-9a-f]{64})(?:\.scope)?$/
const POD = /pod([0-9a-f]{8}[-_][0-9a-f]{4}[-_][0-9a-f]{4}[-_][0-9a-f]{4}[-_][0-9a-f]{12})/
const NS_PER_SECOND = 1e9
const US_PER_SECOND = 1e6

/** Cgroups that are named as container runtimes name them; at most a thousand. */
export async function findContainers(files: HostFiles): Promise<Container[]> {
  const unified = (await files.read('sys/fs/cgroup/cgroup.controllers')) !== null
  const root = unified ? 'sys/fs/cgroup' : 'sys/fs/cgroup/memory'
  const found: Container[] = []
  const waiting: { path: string; depth: number }[] = [{ path: '', depth: 0 }]
  for (let seen = 0; seen < MAX_DIRECTORIES && found.length < MAX_CONTAINERS; seen++) {
    const next = waiting.shift()
    if (next === undefined) break
    for (const name of await files.directories(`${root}${next.path}`)) {
      const path = `${next.path}/${name}`
      const id = CONTAINER.exec(name)?.[1]
      if (id !== undefined) found.push({ id, podUid: POD.exec(path)?.[1]?.replaceAll('_', '-') ?? null, directory: directoriesOf(path, unified) })
      else if (next.depth + 1 < MAX_DEPTH) waiting.push({ path, depth: next.depth + 1 })
    }
  }
  return found
}

function directoriesOf(path: string, unified: boolean): Container['directory'] {
  if (unified) return { cpu: `sys/fs/cgroup${path}`, memory: `sys/fs/cgroup${path}`, io: `sys/fs/cgroup${path}` }
  return { cpu: `sys/fs/cgroup/cpuacct${path}`, memory: `sys/fs/cgroup/memory${path}`, io: null }
}

export async function containerReadings(files: HostFiles, { directory }: Container): Promise<Reading[]> {
  const { cpu, memory, io } = directory
  const [cpuStat, cpuUsage, memoryCurrent, memoryUsage, memoryStat, ioStat] = await Promise.all([
    files.read(`${cpu}/cpu.stat`),
    files.read(`${cpu}/cpuacct.usage`),
    files.read(`${memory}/memory.current`),
    files.read(`${memory}/memory.usage_in_bytes`),
    files.read(`${memory}/memory.stat`),
    io === null ? null : files.read(`${io}/io.stat`),
  ])
  const cpuPoints = cpuUsage === null ? cpuPointsOf(cpuStat ?? '') : pointsOf(Number(cpuUsage) / NS_PER_SECOND)
  const usedBytes = Number(memoryCurrent ?? memoryUsage ?? Number.NaN)
  // The two were not read at the same moment.
  const workingBytes = Math.max(0, usedBytes - inactiveBytes(memoryStat ?? ''))
  const all: Reading[] = [
    { name: 'container.cpu.time', unit: 's', kind: 'counter', points: cpuPoints },
    { name: 'container.memory.usage', unit: 'By', kind: 'upDown', points: pointsOf(usedBytes) },
    { name: 'container.memory.working_set', unit: 'By', kind: 'upDown', points: pointsOf(workingBytes) },
    { name: 'container.disk.io', unit: 'By', kind: 'counter', points: ioPointsOf(ioStat ?? '') },
  ]
  return all.filter(({ points }) => points.length > 0)
}

function pointsOf(value: number): Point[] {
  return Number.isFinite(value) ? [{ attributes: {}, value }] : []
}

/** `cpu.stat` of version 2. */
function cpuPointsOf(stat: string): Point[] {
  return (['user', 'system'] as const).flatMap((mode) => {
    const found = new RegExp(`^${mode}_usec (\\d+)$`, 'm').exec(stat)
    return found === null ? [] : [{ attributes: { 'cpu.mode': mode }, value: Number(found[1]) / US_PER_SECOND }]
  })
}

/** What the kernel takes back before it kills, by `memory.stat`. */
function inactiveBytes(stat: string): number {
  return Number(/^(?:total_)?inactive_file (\d+)$/m.exec(stat)?.[1] ?? Number.NaN)
}

/** `io.stat` of version 2: `8:0 rbytes=1 wbytes=2 …`. */
function ioPointsOf(stat: string): Point[] {
  return stat.split('\n').flatMap((line) => {
    const found = /^(\d+:\d+) .*?rbytes=(\d+) wbytes=(\d+)/.exec(line)
    const device = found?.[1]
    if (found === null || device === undefined) return []
    return [
      { attributes: { 'system.device': device, 'disk.io.direction': 'read' }, value: Number(found[2]) },
      { attributes: { 'system.device': device, 'disk.io.direction': 'write' }, value: Number(found[3]) },
    ]
  })
}
