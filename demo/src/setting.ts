import process from 'node:process'
import type { FaultId } from './faults.ts'

/** What every process of the demo knows of the whole: at its start, and over IPC whenever it changes. */
export interface DemoState {
  faults: readonly FaultId[]
  /** Service → ports of its instances. */
  instances: Readonly<Record<string, readonly number[]>>
}

/** What the orchestrator hands to each process, in one environment variable. */
/** A server that has to be ended should the orchestrator die before it can. */
export interface Ward {
  pid: number
  signal: NodeJS.Signals
  folder: string
}

export interface Setting {
  /** Stand-ins and real servers → loopback port. */
  ports: Readonly<Record<string, number>>
  state: DemoState
  /** Of a service's instance. */
  instance?: { name: string; port: number; version: string }
  /** Real servers of this machine: PostgreSQL behind the demo's own port, Redis on it. */
  realRedis?: boolean
  realPostgresPort?: number
  wards?: readonly Ward[]
  /** Where services write their logs; none without. */
  logFolder?: string
}

export function readSetting(text: string | undefined): Setting {
  if (text === undefined) throw new Error('DEMO_SETTING is not set: the demo starts its processes itself, with `npm run demo`')
  return JSON.parse(text) as Setting
}

/** The state as it is now. */
export function followState(setting: Setting): () => DemoState {
  let { state } = setting
  process.on('message', (message) => {
    state = message as DemoState
  })
  return () => state
}

/** Where a name leads: instances in turn, each client by itself. */
export function createRouter(setting: Setting, state: () => DemoState): (name: string) => number {
  const turns = new Map<string, number>()
  return (name) => {
    const ports = state().instances[name]
    const turn = turns.get(name) ?? 0
    turns.set(name, turn + 1)
    const port = ports === undefined ? setting.ports[name] : ports[turn % ports.length]
    if (port === undefined) throw new Error(`no port for ${name}`)
    return port
  }
}
