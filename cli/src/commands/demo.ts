import type { Demo } from '@skein/demo/demo'
import { faultOfKey, startDemo } from '@skein/demo/demo'
import { FAULTS, type Fault } from '@skein/demo/faults'
import { startControl } from '@skein/demo/control-server'
import type { Config } from '@skein/schemas/config'
import { createInterface } from 'node:readline'
import { endpointFrom, mustAccept } from '../otlp-endpoint.ts'
import { createStopWishes } from '../stop-wishes.ts'
import { StartError } from '../start-error.ts'
import { DEMO_RULES_FILE, defineDemoRules, followDemoLogs } from './demo-logs.ts'
import { defineDemoScenarios } from './demo-scenario.ts'
import { waitForWeb } from './wait-for-web.ts'

export interface DemoArguments {
  endpoint: string | undefined
  key: string | undefined
  /** At prime time. */
  rate: number
  steady: boolean
  /** Nothing but stand-ins. */
  standIns: boolean
  /** Ids of faults to begin with, separated by commas. */
  faults: string
  /** 0: any free one. */
  controlPort: number
}

type Say = (line: string) => void

const CTRL_C = '\u0003'

/** `skein demo`: the TV operator until Ctrl-C; keys and a local HTTP port switch its faults. */
export async function runDemo(config: Config, { endpoint, key, ...args }: DemoArguments, env: NodeJS.ProcessEnv): Promise<void> {
  const otlpEndpoint = endpoint === undefined ? `http://127.0.0.1:${config.ports.otlpHttp}` : endpointFrom(endpoint)
  const first = faultsOf(args.faults)
  await mustAccept(otlpEndpoint, key)
  const say: Say = (line) => void process.stdout.write(`${line}\n`)
  const traffic = args.steady ? 'steady' : 'evening'
  const api = `http://127.0.0.1:${config.ports.http}`
  const logs = await followDemoLogs(config.dataDir, { endpoint: otlpEndpoint, key })
  if (endpoint === undefined) {
    await waitForWeb(api, say)
    await defineDemoRules(api, say)
  } else say(`Logs are read by an agent. What their lines mean is in ${DEMO_RULES_FILE}, for skein rules import; that replaces the rules there are.`)
  const options = {
    otlpEndpoint,
    actionsPerSecond: args.rate,
    traffic,
    environment: 'demo',
    realServers: !args.standIns,
    logFolder: logs.folder,
    say,
    env,
  } as const
  const demo = await startDemo({ ...options, ...(key === undefined ? {} : { key }) })
  const control = await startControl(demo, args.controlPort)
  if (endpoint === undefined) {
    await defineDemoScenarios(api, say)
    say(`Open ${api}/map — the map draws itself within seconds.`)
  }
  for (const { id } of first) await demo.set(id, true)
  sayFaults(demo, say, control.url)
  const letGo = readKeys((pressed) => toggle(demo, pressed, say))
  await untilSignal()
  letGo()
  control.stop()
  say('Stopping; the services send what they have …')
  await demo.stop()
  await logs.stop()
  say(`Sent ${demo.counts.sent} requests, ${demo.counts.failed} failed.`)
}

function faultsOf(text: string): Fault[] {
  return text
    .split(',')
    .filter(Boolean)
    .map((id) => {
      const fault = FAULTS.find((each) => each.id === id)
      if (fault === undefined) throw new StartError(`--faults knows ${FAULTS.map((each) => each.id).join(', ')}, not "${id}"`, 64)
      return fault
    })
}

function sayFaults(demo: Demo, say: Say, controlUrl: string): void {
  say('Faults, each switched on and off by its key:')
  for (const { id, key, title } of FAULTS) say(`  ${key}  ${demo.isOn(id) ? 'on ' : 'off'}  ${title}`)
  say(`Or by HTTP: curl -X PUT ${controlUrl}/faults/database -H 'content-type: application/json' -d '{"on":true}'`)
}

function toggle(demo: Demo, key: string, say: Say): void {
  const fault = faultOfKey(key)
  if (fault === undefined) return
  const on = !demo.isOn(fault.id)
  demo.set(fault.id, on).then(
    () => say(`${fault.key}  ${on ? 'on ' : 'off'}  ${fault.title}`),
    (error: unknown) => say(`${fault.key}  could not be switched: ${String(error)}`),
  )
}

/** Single keys from a terminal, lines from anything else. Returns what ends it. */
function readKeys(pressed: (key: string) => void): () => void {
  const { stdin } = process
  if (!stdin.isTTY) {
    const lines = createInterface({ input: stdin }).on('line', (line) => pressed(line.trim()))
    return () => lines.close()
  }
  stdin.setRawMode(true).setEncoding('utf8').resume()
  const onData = (text: string): void => {
    // In this mode the terminal makes no signal of it.
    if (text.includes(CTRL_C)) process.kill(process.pid, 'SIGINT')
    for (const key of text) pressed(key)
  }
  stdin.on('data', onData)
  return () => {
    stdin.off('data', onData)
    stdin.setRawMode(false).pause()
  }
}

function untilSignal(): Promise<void> {
  return new Promise((resolve) => {
    const wishes = createStopWishes(() => performance.now())
    const stop = (): void => {
      const wish = wishes.next()
      if (wish === 'force') process.exit(1)
      if (wish === 'stop') resolve()
    }
    process.on('SIGINT', stop)
    process.on('SIGTERM', stop)
  })
}
