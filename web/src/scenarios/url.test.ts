import type { ScenarioDefinition } from '@skein/schemas/scenario'
import { createSerializer } from 'nuqs'
import { expect, it } from 'vitest'
import { EVERY_STEP, readDraft, readJson, scenarioParsers, writeDraft } from './url.ts'

const saved: ScenarioDefinition = {
  name: 'play',
  key: 'session',
  within: '5m',
  steps: [{ name: 'play', match: { kind: 'span', service: 'gateway', where: 'code < 400' } }],
  success: 'play',
}

it('a draft in the address is the definition that was written, finished or not', () => {
  expect(readDraft('', saved)).toEqual(saved)
  expect(readDraft(writeDraft({ ...saved, within: '' }), null)).toEqual({ ...saved, within: '' })
  expect(readDraft(writeDraft(saved), null)).toEqual(saved)
})

it('an address that holds no draft begins anew and breaks nothing', () => {
  for (const text of ['{', 'null', '7', '{"steps":[null]}', '{"steps":[{"match":1}]}', '[]']) expect(readDraft(text, null).steps).toHaveLength(1)
  expect(readDraft('{', saved)).toEqual(saved)
})

it('a text that is no definition says why', () => {
  expect(readJson(writeDraft(saved))).toEqual({ ok: true, definition: saved })
  expect(readJson('{').ok).toBe(false)
  expect(readJson('{"name":"x"}')).toMatchObject({ ok: false })
})

it('with the step goes which of its counts was chosen: the address keeps nothing of either', () => {
  const address = createSerializer(scenarioParsers)
  for (const fate of ['slow', 'reached']) expect(address(`/scenario?id=play&tab=runs&step=guide&fate=${fate}`, EVERY_STEP)).toBe('/scenario?id=play&tab=runs')
})
