/** What the orchestrator hands to each process, in one environment variable. */
export interface Setting {
  /** Service and stand-in names → loopback port. */
  ports: Readonly<Record<string, number>>
}

/** Over IPC while running: calls to `target` need `extraMs` longer to connect, or as always when it is null. */
export interface SlowEdge {
  source: string
  target: string
  extraMs: number
}

export type ControlMessage = { slow: SlowEdge | null }

export function readSetting(text: string | undefined): Setting {
  if (text === undefined) throw new Error('DEMO_SETTING is not set: the demo starts its processes itself, with `npm run demo`')
  return JSON.parse(text) as Setting
}

export function portOf(setting: Setting, name: string): number {
  const port = setting.ports[name]
  if (port === undefined) throw new Error(`no port for ${name}`)
  return port
}
