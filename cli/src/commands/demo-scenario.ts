import { scenariosAnswer } from '@skein/schemas/api/scenarios'
import type { ScenarioDefinition } from '@skein/schemas/scenario'

/** What the demo's viewers come for. */
const DEMO_SCENARIO: ScenarioDefinition = {
  name: 'Log in and play',
  key: 'session',
  within: '5m',
  steps: [
    { name: 'log in', match: { kind: 'span', service: 'gateway', operation: 'POST /login' } },
    { name: 'guide', match: { kind: 'span', service: 'gateway', operation: 'GET /epg' } },
    { name: 'play', match: { kind: 'span', service: 'gateway', operation: 'POST /play/:title' }, slowMs: 500 },
  ],
  success: 'play',
}

/** Defines the demo's scenario where it is missing. Without it the demo runs all the same. */
export async function defineDemoScenario(api: string, say: (line: string) => void): Promise<void> {
  try {
    const known = scenariosAnswer.parse(await (await fetch(`${api}/api/scenarios`)).json())
    if (known.scenarios.some(({ definition }) => definition.name === DEMO_SCENARIO.name)) return
    const response = await fetch(`${api}/api/scenarios`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ definition: DEMO_SCENARIO }),
    })
    say(response.ok ? `Scenario "${DEMO_SCENARIO.name}" is defined: ${api}/scenarios` : `The scenario was not defined: ${await response.text()}`)
  } catch (error) {
    say(`The scenario was not defined: ${(error as Error).message}`)
  }
}
