import { randomBytes } from 'node:crypto'
import { createLogRules, type LogRules } from '@skein/metadata/log-rules'
import type { Config } from '@skein/schemas/config'
import { readRulesFile, rulesFileOf } from '@skein/schemas/rules/rules-file'
import { StartError } from '../start-error.ts'
import { contentOf, withMetadata } from './with-metadata.ts'

/** Prints all rules on logs as a file. */
export async function exportRules(config: Config, { tenant }: { tenant: string }): Promise<void> {
  await withRules(config, async (logRules) => {
    const { rules } = await logRules.of(tenant)
    print(JSON.stringify(rulesFileOf(rules), null, 2))
  })
}

/** Replaces all rules on logs by a file, JSON or YAML, at once or not at all. */
export async function importRules(config: Config, { path, tenant }: { path: string; tenant: string }): Promise<void> {
  const read = readRulesFile(await contentOf(path))
  if (!read.ok) throw new StartError(`${path} is no file of rules:\n${read.errors.map(({ message }) => `  ${message}`).join('\n')}`)
  await withRules(config, async (logRules) => {
    const replaced = await logRules.replace(tenant, { file: read.file })
    if (!replaced.ok)
      throw new StartError(
        `The rules were not replaced (${replaced.reason}): every rule and pipeline needs an id of its own, and somebody else may be writing; try again.`,
      )
    const count = read.file.pipelines.reduce((sum, { rules }) => sum + rules.length, 0)
    print(`${count} rule${count === 1 ? '' : 's'} of tenant ${tenant} hold for what is received from 2 s from now.`)
  })
}

function withRules(config: Config, use: (rules: LogRules) => Promise<void>): Promise<void> {
  return withMetadata(config, (metadata) => use(createLogRules({ metadata, clock: () => Date.now(), randomBytes })))
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
