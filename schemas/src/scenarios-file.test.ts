import { expect, test } from 'vitest'
import type { ScenarioDefinition } from './scenario.ts'
import { readScenariosFile, scenariosFileOf } from './scenarios-file.ts'

const play: ScenarioDefinition = {
  name: '播放',
  key: 'session',
  within: '5m',
  steps: [{ name: 'play', match: { kind: 'span', service: 'gateway', operation: 'POST /play' } }],
  success: 'play',
}

test('what was exported is read as it was, each scenario in its last version', () => {
  const version = (number: number, definition: ScenarioDefinition) => ({ version: number, definition, effectiveFromMs: number })
  const record = { id: '0123456789ab', tenant: 't', createdAtMs: 1, updatedAtMs: 2, versions: [version(1, { ...play, within: '1m' }), version(2, play)] }
  const file = scenariosFileOf([record])
  expect(readScenariosFile(JSON.parse(JSON.stringify(file)))).toEqual({ ok: true, file: { skeinScenarios: 1, scenarios: [play] } })
})

test('all mistakes are told at once, each with the scenario it is in', () => {
  const read = readScenariosFile({ skeinScenarios: 1, scenarios: [play, { ...play, success: 'pay' }, { ...play, name: 'x', within: 'soon' }, play] })
  expect(read).toMatchObject({ ok: false })
  const errors = read.ok ? [] : read.errors
  expect(errors).toHaveLength(3)
  expect(errors[0]).toMatch(/^scenario 2: .*pay/)
  expect(errors[1]).toMatch(/^scenario 3: /)
  expect(errors[2]).toBe('two scenarios have the name 播放')
})

test.each([[null], [{}], [{ skeinScenarios: 2, scenarios: [] }], [{ skeinScenarios: 1, scenarios: [], more: 1 }], [[]]])(
  '%j is no file of scenarios',
  (value) => {
    expect(readScenariosFile(value).ok).toBe(false)
  },
)
