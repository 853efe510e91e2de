import { createInterface } from 'node:readline'
import { startDemo } from '@skein/demo/demo'
import type { Config } from '@skein/schemas/config'
import { defineDemoScenario } from './demo-scenario.ts'
import { StartError } from '../start-error.ts'

export interface DemoArguments {
  endpoint: string | undefined
  key: string | undefined
  rate: number
  slow: boolean
}

/** `skein demo`: the TV operator until Ctrl-C; Enter switches the slow edge. */
export async function runDemo(config: Config, { endpoint, key, rate, slow }: DemoArguments, env: NodeJS.ProcessEnv): Promise<void> {
  const otlpEndpoint = endpoint ?? `http://127.0.0.1:${config.ports.otlpHttp}`
  await mustAnswer(otlpEndpoint)
  const say = (line: string): void => void process.stdout.write(`${line}\n`)
  const demo = await startDemo({ otlpEndpoint, actionsPerSecond: rate, environment: 'demo', say, env, ...(key === undefined ? {} : { key }) })
  let isSlow = false
  const setSlow = (on: boolean): void => {
    isSlow = on
    demo.setSlow(on)
    say(
      on
        ? 'playback → drm is slow now: 0.7 s are lost between them. Press Enter to make it normal.'
        : 'playback → drm is as always. Press Enter to make it slow.',
    )
  }
  if (endpoint === undefined) await defineDemoScenario(`http://127.0.0.1:${config.ports.http}`, say)
  say(`Open http://127.0.0.1:${config.ports.http}/map — the map draws itself within seconds.`)
  setSlow(slow)
  const lines = createInterface({ input: process.stdin })
  lines.on('line', () => setSlow(!isSlow))
  await untilSignal()
  lines.close()
  say('Stopping; the services send what they have …')
  await demo.stop()
  say(`Sent ${demo.counts.sent} requests, ${demo.counts.failed} failed.`)
}

async function mustAnswer(endpoint: string): Promise<void> {
  const url = new URL('/readyz', endpoint)
  const ok = await fetch(url, { signal: AbortSignal.timeout(3000) }).then(
    (response) => response.ok,
    () => false,
  )
  if (!ok)
    throw new StartError(`Nothing accepts traces at ${endpoint}: start Skein first (npm start, in another terminal), or name where it is with --endpoint.`)
}

function untilSignal(): Promise<void> {
  return new Promise((resolve) => {
    let asked = false
    const stop = (): void => {
      if (asked) process.exit(1)
      asked = true
      resolve()
    }
    process.on('SIGINT', stop)
    process.on('SIGTERM', stop)
  })
}
