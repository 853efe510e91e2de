import type { Attributes } from '../otlp/attributes.ts'
import { type Container, containerReadings, findContainers } from './container-readings.ts'
import type { HostFiles } from './host-files.ts'
import { networkPoints } from './host-readings.ts'
import type { Reading } from './reading.ts'

/** What was read of one container, or of what the containers of a pod share. */
export interface ContainerReadings {
  attributes: Attributes
  readings: readonly Reading[]
}

/**
 * All containers, each with its cgroup, its network and the file system it lies on. Containers of a pod have one network: it is told of the pod, once, so
 * that it can be added up. That of a container in the host's network is the host's.
 */
export async function readContainers(files: HostFiles): Promise<ContainerReadings[]> {
  const all: ContainerReadings[] = []
  const pods = new Set<string>()
  for (const container of await findContainers(files)) {
    const { id, podUid } = container
    const process = await processOf(files, container)
    const pod = podUid === null ? {} : { 'k8s.pod.uid': podUid }
    const readings = [...(await containerReadings(files, container)), ...(await roomReadings(files, process))]
    const dev = podUid !== null && pods.has(podUid) ? null : await networkOf(files, process)
    if (dev !== null && podUid === null) readings.push(ioReading('container.network.io', dev))
    all.push({ attributes: { 'container.id': id, ...pod }, readings })
    if (dev === null || podUid === null) continue
    pods.add(podUid)
    all.push({ attributes: pod, readings: [ioReading('k8s.pod.network.io', dev), errorReading('k8s.pod.network.errors', dev)] })
  }
  return all
}

/** One of its processes, as a path; null when none can be seen from here: in a pod of its own the agent sees those of others as 0. */
async function processOf(files: HostFiles, { directory }: Container): Promise<string | null> {
  const inside = (await files.directories(directory.memory)).slice(0, 1).map((name) => `${directory.memory}/${name}`)
  for (const path of [directory.memory, ...inside]) {
    const found = /^[1-9]\d*$/m.exec((await files.read(`${path}/cgroup.procs`)) ?? '')
    if (found !== null) return `proc/${found[0]}`
  }
  return null
}

/** `net/dev` of a network that is not the host's. Networks have files of their own there, which can be told apart without a right over the process. */
async function networkOf(files: HostFiles, process: string | null): Promise<string | null> {
  if (process === null) return null
  const path = `${process}/net/dev`
  const [own, host] = [await files.identity(path), await files.identity('proc/1/net/dev')]
  return own === null || host === null || own === host ? null : files.read(path)
}

function ioReading(name: string, dev: string): Reading {
  return { name, unit: 'By', kind: 'counter', points: networkPoints(dev).io }
}

function errorReading(name: string, dev: string): Reading {
  return { name, unit: '{error}', kind: 'counter', points: networkPoints(dev).errors }
}

/** Of the file system that its own lies on. Only root, or who may trace processes, can ask for it. */
async function roomReadings(files: HostFiles, process: string | null): Promise<Reading[]> {
  const room = process === null ? null : await files.room(`${process}/root`)
  if (room === null) return []
  const of = (name: string, value: number): Reading => ({ name, unit: 'By', kind: 'upDown', points: [{ attributes: {}, value }] })
  return [of('container.filesystem.capacity', room.total), of('container.filesystem.available', room.available)]
}
