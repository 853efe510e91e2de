import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createFileMetadata } from '@skein/metadata/file/file-metadata'
import { createScenarios } from '@skein/metadata/scenarios'
import { configSchema } from '@skein/schemas/config'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { parse } from 'yaml'
import { ROOT } from '../version.ts'
import { DEMO_SCENARIOS_FILE } from './demo-scenario.ts'
import { importScenarios } from './scenarios.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'skein-scenarios-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

it('a file of scenarios gets into the file of a cluster, and again under the same names: changed ones become versions, others stay', async () => {
  const keysFile = join(folder, 'keys.yaml')
  const config = configSchema.parse({ keysFile })
  const demo = join(ROOT, DEMO_SCENARIOS_FILE)
  await importScenarios(config, { path: demo, tenant: 'tv' })
  const [scenario] = (parse(readFileSync(demo, 'utf8')) as { scenarios: object[] }).scenarios
  const changed = join(folder, 'changed.json')
  writeFileSync(
    changed,
    JSON.stringify({
      skeinScenarios: 1,
      scenarios: [
        { ...scenario, within: '9m' },
        { ...scenario, name: 'Another' },
      ],
    }),
  )
  for (const path of [changed, demo, demo]) await importScenarios(config, { path, tenant: 'tv' })

  const metadata = createFileMetadata({ path: keysFile, pollMs: 0 })
  const scenarios = createScenarios({ metadata, clock: () => 0, randomBytes: () => new Uint8Array(6) })
  const records = await scenarios.list('tv')
  await metadata.close()
  expect(records.map(({ versions }) => versions.map(({ definition }) => [definition.name, definition.within]))).toEqual([
    [
      ['Log in and play', '5m'],
      ['Log in and play', '9m'],
      ['Log in and play', '5m'],
    ],
    [['Another', '5m']],
  ])
})

it('a file with a mistake imports nothing and names it', async () => {
  const keysFile = join(folder, 'keys.yaml')
  const wrong = join(folder, 'wrong.yaml')
  writeFileSync(wrong, 'skeinScenarios: 1\nscenarios: [{ name: x, key: session, within: soon, steps: [], success: y }]\n')
  const imported = importScenarios(configSchema.parse({ keysFile }), { path: wrong, tenant: 'tv' })
  await expect(imported).rejects.toThrow(/no file of scenarios:\n {2}scenario 1: /)
  expect(() => readFileSync(keysFile)).toThrow('ENOENT')
})
