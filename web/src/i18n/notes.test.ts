import { COMPARE_NOTE_CODES } from '@skein/schemas/api/compare-note'
import { METRIC_NOTES } from '@skein/schemas/api/log-metrics'
import { LOG_PATTERN_NOTE_CODES } from '@skein/schemas/api/log-patterns'
import { DROP_REASONS, RULE_NOTES } from '@skein/schemas/api/log-rules'
import { LOG_NOTE_CODES } from '@skein/schemas/api/logs'
import { PROBE_NOTE_CODES } from '@skein/schemas/api/network-probes'
import { SCENARIO_NOTES } from '@skein/schemas/api/scenarios'
import { WARNING_CODES } from '@skein/schemas/api/status'
import { OUTCOME_KINDS, OUTCOME_REASONS } from '@skein/schemas/outcomes'
import { NOTE_CODES } from '@skein/schemas/topology'
import { describe, expect, it } from 'vitest'
import { en } from './en.ts'
import { zh } from './zh.ts'

const languages = [
  ['English', en],
  ['Chinese', zh],
] as const

/** Everything that the server may tell of by code, and the words for it. */
const said = (messages: typeof en): readonly (readonly [what: string, codes: readonly string[], words: object])[] => [
  ['the map', NOTE_CODES, messages.notes.topology],
  ['comparisons of traces', COMPARE_NOTE_CODES, messages.notes.compare],
  ['differences of the map', COMPARE_NOTE_CODES, messages.map.diff.note],
  ['logs', LOG_NOTE_CODES, messages.notes.logs],
  ['patterns', LOG_PATTERN_NOTE_CODES, messages.notes.patterns],
  ['rules', RULE_NOTES, messages.notes.rules],
  ['metrics of rules', METRIC_NOTES, messages.logs.metrics.note],
  ['scenarios', SCENARIO_NOTES, messages.notes.scenarios],
  ['chips of scenarios', SCENARIO_NOTES, messages.scenarios.note],
  ['probes', PROBE_NOTE_CODES, messages.network.note],
  ['warnings of the platform', WARNING_CODES, messages.notes.warnings],
  ['what intake refuses', OUTCOME_REASONS, messages.intake.reasons],
  ['what becomes of it', OUTCOME_KINDS, messages.intake.kind],
  ['what rules drop', DROP_REASONS, messages.logs.dropped.reason],
]

describe.each(languages)('in %s', (_, messages) => {
  it.each(said(messages as typeof en))('%s has words for every code the server can send, and for no other', (__, codes, words) => {
    expect(Object.keys(words).toSorted()).toEqual([...codes].toSorted())
  })

  it('chips of the map have a word for every note', () => {
    expect(Object.keys(messages.map.note)).toEqual(expect.arrayContaining([...NOTE_CODES]))
  })

  it('answers with words of their own have them for notes that there are', () => {
    const { bottlenecks, traces } = messages.notes
    for (const code of Object.keys({ ...bottlenecks, ...traces })) expect(NOTE_CODES).toContain(code)
  })
})
