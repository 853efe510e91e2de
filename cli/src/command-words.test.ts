import { defineCommand, type CommandDef } from 'citty'
import { describe, expect, it } from 'vitest'
import { findCommand, mustKnowWords, usageOf } from './command-words.ts'

const root = defineCommand({
  meta: { name: 'skein' },
  subCommands: {
    keys: defineCommand({
      meta: { name: 'keys' },
      subCommands: {
        create: defineCommand({
          meta: { name: 'create', description: 'Make one' },
          args: { label: { type: 'positional', required: false }, days: { type: 'string' }, quiet: { type: 'boolean' } },
        }),
      },
    }),
    agent: defineCommand({ meta: { name: 'agent' }, args: { paths: { type: 'positional', required: false, valueHint: 'glob …' } } }),
    up: defineCommand({ meta: { name: 'up' } }),
  },
}) as CommandDef

const refusal = (...words: string[]): string => {
  try {
    mustKnowWords(findCommand(root, words))
    return ''
  } catch (error) {
    return (error as Error).message
  }
}

describe('words that cannot be meant are refused before anything is done', () => {
  it('a command or an option that there is not', () => {
    expect(refusal('keys', 'make')).toContain('skein keys has no command "make"; see skein keys --help')
    expect(refusal('keys', 'constructor')).toContain('no command "constructor"')
    expect(refusal('keys', 'create', '--dayz=3')).toContain('no option "--dayz=3"')
  })

  it('a word too many, which else would be lost without a word', () => {
    expect(refusal('keys', 'create', 'for', 'the', 'gateway')).toContain('"the"')
    expect(refusal('up', 'now')).toContain('"now"')
  })

  it('not the value of an option, a place that is left out, and words of a place that takes many', () => {
    expect(refusal('keys', 'create', 'gateway', '--days', '3')).toBe('')
    expect(refusal('keys', 'create', '--quiet', 'gateway')).toBe('')
    expect(refusal('keys', 'create')).toBe('')
    expect(refusal('agent', 'a.log', 'b.log')).toBe('')
  })
})

it('help is plain text where nobody looks at it in a terminal', async () => {
  const found = findCommand(root, ['keys', 'create', '--help'])
  expect(await usageOf(found, false)).toMatch(/^Make one \(skein keys create\)\n\nUSAGE skein keys create/)
})
