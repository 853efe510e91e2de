import { readScenario } from '@skein/schemas/scenario'
import { createTranslator } from 'use-intl/core'
import { expect, test } from 'vitest'
import { en } from '../i18n/en.ts'
import { zh } from '../i18n/zh.ts'
import { definitionWords } from './definition-words.ts'
import { readDraft } from './url.ts'

const english = createTranslator({ locale: 'en', messages: en })
const chinese = createTranslator({ locale: 'zh', messages: zh as typeof en })

const half = readDraft(
  JSON.stringify({
    key: 'cookie',
    within: 'soon',
    steps: [
      { name: 'open', match: { kind: 'span' }, optional: true },
      { name: 'open', match: { kind: 'span', service: 'tv', where: 'a = ' }, slowMs: 1 },
    ],
  }),
  null,
)
const whole = { ...half, name: 'n', key: 'session', within: '10m', success: 'open' }
const errors = [half, whole].flatMap((definition) => {
  const read = readScenario(definition)
  return read.ok ? [] : read.errors.map((error) => ({ definition, error }))
})

test('all that a form can get wrong is said by the place that it is at, in the reader’s language', () => {
  expect(errors.map(({ definition, error }) => definitionWords(english, definition, error))).toEqual([
    en.scenarios.mend.name,
    en.scenarios.mend.key,
    en.scenarios.mend.within,
    en.scenarios.mend.success,
    'Step 1 begins every run and cannot be optional.',
    'Give step 2 a name of its own, of at most 100 characters.',
    'Step 1 needs a service or an operation; a device record, its event.',
    'Step 2, where: column 5: a = needs a value',
  ])
  for (const { definition, error } of errors) expect(definitionWords(chinese, definition, error)).toMatch(/\p{Script=Han}/u)
})
