import { join } from 'node:path'
import { scenariosAnswer } from '@skein/schemas/api/scenarios'
import type { ScenarioDefinition } from '@skein/schemas/scenario'
import { readScenariosFile } from '@skein/schemas/scenarios-file'
import { ROOT } from '../version.ts'
import { contentOf } from './with-metadata.ts'

/** What the demo's viewers come for; for roles of a cluster to import. */
export const DEMO_SCENARIOS_FILE = 'demo/scenarios.yaml'

async function demoScenarios(): Promise<ScenarioDefinition[]> {
  const read = readScenariosFile(await contentOf(join(ROOT, DEMO_SCENARIOS_FILE)))
  if (!read.ok) throw new Error(read.errors.join('; '))
  return read.file.scenarios
}

/** Defines the demo's scenarios that are missing. Without them the demo runs all the same. */
export async function defineDemoScenarios(api: string, say: (line: string) => void): Promise<void> {
  try {
    const wanted = await demoScenarios()
    const known = scenariosAnswer.parse(await (await fetch(`${api}/api/scenarios`)).json())
    const names = new Set(known.scenarios.map(({ definition }) => definition.name))
    for (const definition of wanted.filter(({ name }) => !names.has(name))) {
      const response = await fetch(`${api}/api/scenarios`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ definition }),
      })
      say(response.ok ? `Scenario "${definition.name}" is defined: ${api}/scenarios` : `The scenario was not defined: ${await response.text()}`)
    }
  } catch (error) {
    say(`The scenario was not defined: ${(error as Error).message}`)
  }
}
