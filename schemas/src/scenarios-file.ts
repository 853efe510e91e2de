import { z } from 'zod'
import { MAX_SCENARIOS, readScenario, type ScenarioDefinition, type ScenarioRecord } from './scenario.ts'

/** Scenarios as a file, for a repository and for roles of a cluster. */
const scenariosFile = z.strictObject({ skeinScenarios: z.literal(1), scenarios: z.array(z.unknown()).max(MAX_SCENARIOS) })
export interface ScenariosFile {
  skeinScenarios: 1
  scenarios: ScenarioDefinition[]
}

/** Scenarios as they are now. */
export function scenariosFileOf(records: readonly ScenarioRecord[]): ScenariosFile {
  return { skeinScenarios: 1, scenarios: records.flatMap(({ versions }) => versions.at(-1)?.definition ?? []) }
}

export type ScenariosFileRead = { ok: true; file: ScenariosFile } | { ok: false; errors: string[] }

/** A file of scenarios, or all that is wrong with it: each a sentence that names the scenario. */
export function readScenariosFile(value: unknown): ScenariosFileRead {
  const read = scenariosFile.safeParse(value)
  if (!read.success) return { ok: false, errors: read.error.issues.map(({ path, message }) => (path.length === 0 ? message : `${path.join('.')}: ${message}`)) }
  const errors: string[] = []
  const scenarios = read.data.scenarios.flatMap((each, at) => {
    const scenario = readScenario(each)
    if (scenario.ok) return [scenario.definition]
    errors.push(...scenario.errors.map(({ message }) => `scenario ${at + 1}: ${message}`))
    return []
  })
  const names = scenarios.map(({ name }) => name)
  for (const name of new Set(names.filter((each, at) => names.indexOf(each) < at))) errors.push(`two scenarios have the name ${name}`)
  return errors.length > 0 ? { ok: false, errors } : { ok: true, file: { skeinScenarios: 1, scenarios } }
}
