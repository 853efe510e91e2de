import { randomBytes } from 'node:crypto'
import { createScenarios, type Scenarios } from '@skein/metadata/scenarios'
import type { Config } from '@skein/schemas/config'
import { MAX_SCENARIOS } from '@skein/schemas/scenario'
import { readScenariosFile, scenariosFileOf } from '@skein/schemas/scenarios-file'
import { StartError } from '../start-error.ts'
import { contentOf, withMetadata } from './with-metadata.ts'

/** Prints all scenarios as a file. */
export async function exportScenarios(config: Config, { tenant }: { tenant: string }): Promise<void> {
  await withScenarios(config, async (scenarios) => print(JSON.stringify(scenariosFileOf(await scenarios.list(tenant)), null, 2)))
}

/** Takes scenarios from a file, JSON or YAML: those whose names are there already become a version more, others are new, none goes. */
export async function importScenarios(config: Config, { path, tenant }: { path: string; tenant: string }): Promise<void> {
  const read = readScenariosFile(await contentOf(path))
  if (!read.ok) throw new StartError(`${path} is no file of scenarios:\n${read.errors.map((error) => `  ${error}`).join('\n')}`)
  await withScenarios(config, async (scenarios) => {
    const ids = new Map((await scenarios.list(tenant)).map(({ id, versions }) => [versions.at(-1)?.definition.name, id]))
    const added = read.file.scenarios.filter(({ name }) => !ids.has(name)).length
    if (ids.size + added > MAX_SCENARIOS)
      throw new StartError(`Nothing was imported: a tenant has at most ${MAX_SCENARIOS} scenarios, and there would be ${ids.size + added}.`)
    for (const definition of read.file.scenarios) {
      const id = ids.get(definition.name)
      const change = id === undefined ? await scenarios.create(tenant, definition) : await scenarios.change(tenant, id, { definition })
      if (!change.ok)
        throw new StartError(`Scenario ${definition.name}, and those after it, were not imported (${change.reason}): somebody else may be writing; try again.`)
    }
    print(`Scenarios of tenant ${tenant} from the file: ${read.file.scenarios.length}, new: ${added}. They hold for what is received from 2 s from now.`)
  })
}

function withScenarios(config: Config, use: (scenarios: Scenarios) => Promise<void>): Promise<void> {
  return withMetadata(config, (metadata) => use(createScenarios({ metadata, clock: () => Date.now(), randomBytes })))
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
