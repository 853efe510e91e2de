import { type Fault, FAULTS, type FaultId, RELEASE } from './faults.ts'
import { freePorts } from './free-ports.ts'
import { primeTimeShare } from './prime-time.ts'
import { type DemoProcess, type ProcessOptions, startService, startStandIns } from './processes.ts'
import { startRealServers } from './real/real-servers.ts'
import { SERVICES } from './services/services.ts'
import type { DemoState, Setting } from './setting.ts'
import { startViewers } from './viewers.ts'

export interface DemoOptions extends ProcessOptions {
  /** At prime time. */
  actionsPerSecond: number
  /** `evening`: traffic rises to prime time and falls, again and again. `steady`: always the full rate. */
  traffic: 'evening' | 'steady'
  /** PostgreSQL, Redis and Nginx of this machine, where it has them; else stand-ins that speak as much of their protocols as the clients need. */
  realServers: boolean
  /** Where each instance writes its log file; unset: no logs. */
  logFolder?: string
  /** One line a step, for a person. */
  say(line: string): void
}

export interface Demo {
  isOn(fault: FaultId): boolean
  /** Resolves when all processes were told; a release, when it serves. */
  set(fault: FaultId, on: boolean): Promise<void>
  readonly counts: { sent: number; failed: number }
  /** Ends the viewers, lets the services export what they have, and ends them. */
  stop(): Promise<void>
}

/** Services with more than one instance. */
const INSTANCES: Readonly<Record<string, number>> = { epg: 2 }
const BACKENDS = ['postgresql', 'redis', 'demoq', 'pay.partner.example'] as const

/** Starts the small TV operator: a process per service and instance, what stands behind them, and viewers that use it. */
export async function startDemo(options: DemoOptions): Promise<Demo> {
  const plan = Object.keys(SERVICES).flatMap((name) => Array.from({ length: INSTANCES[name] ?? 1 }, (_, i) => ({ name, instance: `${name}-${i + 1}` })))
  options.say(`Starting the ${Object.keys(SERVICES).length} services of a small TV operator …`)
  const [entryPort = 0, realPostgresPort = 0, ...ports] = await freePorts(2 + BACKENDS.length + plan.length)
  const backendPorts = Object.fromEntries(BACKENDS.map((name, i) => [name, ports[i] ?? 0]))
  const instances = plan.map((each, i) => ({ ...each, port: ports[BACKENDS.length + i] ?? 0 }))
  const byService = Map.groupBy(instances, ({ name }) => name)
  const state: DemoState = { faults: [], instances: Object.fromEntries([...byService].map(([name, own]) => [name, own.map(({ port }) => port)])) }
  const gatewayPort = state.instances['gateway']?.[0] ?? 0
  const real = await startRealServers(
    { wanted: options.realServers, realPostgresPort, redisPort: backendPorts['redis'] ?? 0, entryPort, gatewayPort, logFolder: options.logFolder },
    options,
  )
  const setting: Setting = {
    ports: backendPorts,
    state,
    realRedis: real.redis !== null,
    wards: [real.postgres, real.redis, real.nginx].flatMap((server) => server?.ward ?? []),
    ...(real.postgres === null ? {} : { realPostgresPort }),
    ...(options.logFolder === undefined ? {} : { logFolder: options.logFolder }),
  }
  const processes = await startProcesses(setting, instances, options).catch(async (error: unknown) => {
    await real.stop()
    throw error
  })
  const operator = createOperator(setting, processes, options)
  const viewers = startViewers(real.nginx === null ? gatewayPort : entryPort, (sinceStartMs) =>
    options.traffic === 'steady' ? options.actionsPerSecond : options.actionsPerSecond * primeTimeShare(sinceStartMs),
  )
  options.say(saysTraffic(options))
  return {
    counts: viewers.counts,
    isOn: operator.isOn,
    set: operator.set,
    async stop() {
      viewers.stop()
      await operator.stop()
      await real.stop()
    },
  }
}

function saysTraffic({ actionsPerSecond, traffic }: DemoOptions): string {
  return traffic === 'steady'
    ? `Viewers send ${actionsPerSecond} requests a second.`
    : `Viewers live an evening in ten minutes: up to ${actionsPerSecond} requests a second at prime time, a quarter of that when it is quiet.`
}

interface Processes {
  standIns: DemoProcess
  /** Service → what serves now. */
  services: Map<string, DemoProcess[]>
}

async function startProcesses(
  setting: Setting,
  instances: readonly { name: string; instance: string; port: number }[],
  options: DemoOptions,
): Promise<Processes> {
  const standIns = startStandIns(setting, options)
  const services = new Map<string, DemoProcess[]>()
  const all = [standIns]
  try {
    await standIns.ready
    for (const { name, instance, port } of instances) {
      const started = startService(name, { ...setting, instance: { name: instance, port, version: RELEASE.before } }, options)
      services.set(name, [...(services.get(name) ?? []), started])
      all.push(started)
    }
    await Promise.all([...services].map(([name, own]) => Promise.all(own.map(({ ready }) => ready)).then(() => options.say(`  ${name} runs`))))
    return { standIns, services }
  } catch (error) {
    await Promise.all(all.map((each) => each.stop()))
    throw error
  }
}

/** Keeps what is switched on, tells all processes, and brings releases out. */
function createOperator(setting: Setting, { standIns, services }: Processes, options: DemoOptions) {
  let { state } = setting
  let releases = 1
  const leaving: Promise<void>[] = []
  let before: Promise<void> = Promise.resolve()

  function tell(next: DemoState): void {
    state = next
    for (const { child } of [standIns, ...[...services.values()].flat()]) if (child.connected) child.send(state)
  }

  /** The new instance serves before the old one goes, as in a rolling update. */
  async function release(version: string): Promise<void> {
    const { service } = RELEASE
    const [port = 0] = await freePorts(1)
    const name = `${service}-${++releases}`
    const fresh = startService(service, { ...setting, state, instance: { name, port, version } }, options)
    await fresh.ready
    const old = services.get(service) ?? []
    services.set(service, [fresh])
    tell({ ...state, instances: { ...state.instances, [service]: [port] } })
    leaving.push(...old.map((each) => each.stop()))
  }

  async function set(fault: FaultId, on: boolean): Promise<void> {
    if (state.faults.includes(fault) === on) return
    if (fault === 'release') await release(on ? RELEASE.after : RELEASE.before)
    tell({ ...state, faults: on ? [...state.faults, fault] : state.faults.filter((each) => each !== fault) })
  }

  return {
    isOn: (fault: FaultId): boolean => state.faults.includes(fault),
    set(fault: FaultId, on: boolean): Promise<void> {
      const done = before.then(() => set(fault, on))
      before = done.catch(() => undefined)
      return done
    },
    async stop(): Promise<void> {
      await before
      await Promise.all([...[...services.values()].flat().map((each) => each.stop()), ...leaving])
      await standIns.stop()
    },
  }
}

/** The fault that a key switches. */
export function faultOfKey(key: string): Fault | undefined {
  return FAULTS.find((fault) => fault.key === key)
}
