import { ruleAction } from '@skein/schemas/log-rule'
import { readRule } from '@skein/schemas/rules/read-rule'
import { describe, expect, it } from 'vitest'
import { ACTION_FIELDS, ACTION_TYPES, type DraftAction, errorsAt, NEW_ACTIONS, readDraft, readJson, typedOf, withField } from './draft.ts'

describe('the form of an action', () => {
  it('asks for everything that can be said of it, and nothing else', () => {
    for (const option of ruleAction.options) {
      const { type, ...fields } = option.shape
      expect(ACTION_FIELDS[type.value].map(({ name }) => name).toSorted(), type.value).toEqual(Object.keys(fields).toSorted())
    }
    expect([...ACTION_TYPES].toSorted()).toEqual(ruleAction.options.map(({ shape }) => shape.type.value).toSorted())
  })

  it('begins with what is valid, or with the fields that are still to be said', () => {
    const faults = ACTION_TYPES.flatMap((type) => {
      const read = readRule({ name: 'x', enabled: true, match: '', actions: [NEW_ACTIONS[type]] })
      return read.ok ? [] : [`${type}: ${read.errors.map(({ path }) => path).join()}`]
    })
    expect(faults).toEqual([
      'set: actions.0.field',
      'rename: actions.0.from,actions.0.to',
      'remove: actions.0.fields',
      'metric: actions.0.name',
      'event: actions.0.title',
    ])
  })

  it('reads back what was typed, and leaves out what was not', () => {
    const spec = (type: keyof typeof ACTION_FIELDS, name: string) => ACTION_FIELDS[type].find((each) => each.name === name)!
    const typed = (action: DraftAction, name: string, text: string) => withField(action, spec(action.type, name), text)
    const limited = typed(NEW_ACTIONS.rate_limit, 'key', 'service, host.name')
    expect(limited['key']).toEqual(['service', 'host.name'])
    expect(typedOf(limited, spec('rate_limit', 'key'))).toBe('service, host.name')
    expect('key' in typed(limited, 'key', '')).toBe(false)
    expect(typed(NEW_ACTIONS.rate_limit, 'lines', '5')['lines']).toBe(5)
    expect(typed(NEW_ACTIONS.rate_limit, 'lines', '')['lines']).toBe('')
    expect(['007', '7', 'true', 'a'].map((text) => typed(NEW_ACTIONS.set, 'value', text)['value'])).toEqual(['007', 7, true, 'a'])
    expect(typed(NEW_ACTIONS.redact, 'patterns', 'a+\nb,c')['patterns']).toEqual(['a+', 'b,c'])
    expect('timeFormat' in typed(NEW_ACTIONS.parse, 'timeFormat', '')).toBe(false)
  })
})

describe('a draft', () => {
  it('of a new rule drops what was searched for; one that cannot be read is what was saved', () => {
    expect(readDraft('', null, 'service:a')).toMatchObject({ match: 'service:a', actions: [{ type: 'drop' }] })
    const saved = { name: 'x', enabled: false, match: '', actions: [NEW_ACTIONS.drop] }
    expect(readDraft('{"name":"half', saved)).toBe(saved)
    expect(readDraft(JSON.stringify({ ...saved, name: 'y' }), saved).name).toBe('y')
    expect(readDraft('{"actions":[{"type":"nonsense"}]}', saved)).toBe(saved)
  })

  it('says where it is wrong', () => {
    const read = readJson('{"name":"x","enabled":true,"match":"a:(","actions":[{"type":"remove","fields":[]}]}')
    if (read.ok) throw new Error('it was read')
    expect(errorsAt(read.errors, 'actions.0.fields').length + errorsAt(read.errors, 'match').length).toBeGreaterThan(0)
    expect(readJson('{').ok).toBe(false)
  })
})
