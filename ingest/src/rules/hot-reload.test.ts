import { RULES_AFTER_MS, type TenantRules } from '@skein/schemas/log-rule'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { LogFate } from '../logs/log-batch.ts'
import { batchOfLines, RECEIVED_MS, rulesOf, TIMES } from './batches-for-tests.ts'
import { createRuleStep } from './rule-step.ts'

const WORDS = ['first', 'second', 'third'] as const
const SPAN_MS = 10_000

/** A rule that drops another word with each version, as it is known when these were written. */
function rulesWithVersions(effectiveFromMs: readonly number[]): TenantRules {
  const rules = rulesOf([{ match: '', actions: [{ type: 'drop' }] }], effectiveFromMs[0])
  const versions = effectiveFromMs.map((fromMs, at) => ({
    version: at + 1,
    definition: { name: 'r0', enabled: true, match: WORDS[at]!, actions: [{ type: 'drop' as const }] },
    effectiveFromMs: fromMs,
  }))
  return { ...rules, rules: rules.rules.map((rule) => ({ ...rule, versions })) }
}

const ascending = (count: number) =>
  fc.uniqueArray(fc.nat(SPAN_MS), { minLength: count, maxLength: count }).map((times) => times.toSorted((a, b) => a - b).map((ms) => RECEIVED_MS + ms))

test('a line is judged by the version that held when it was received, however soon after the rules were read', () => {
  const received = fc.array(fc.record({ atMs: fc.nat(SPAN_MS), word: fc.constantFrom(...WORDS) }), { minLength: 1, maxLength: 30 })
  fc.assert(
    fc.property(ascending(WORDS.length), received, fc.nat(RULES_AFTER_MS), fc.integer({ min: 1, max: 5 }), (fromMs, given, readLateMs, cut) => {
      const lines = given.toSorted((a, b) => a.atMs - b.atMs).map(({ atMs, word }) => ({ body: word, receivedMs: RECEIVED_MS + atMs }))
      const expected = lines.map(({ body, receivedMs }) => body === WORDS[fromMs.findLastIndex((ms) => ms <= receivedMs)])
      const asTheyCome = createRuleStep(() => '', TIMES)
      const replayed = createRuleStep(() => '', TIMES)
      replayed.learn([rulesWithVersions(fromMs)])
      const dropped: boolean[] = []
      const again: boolean[] = []
      for (let at = 0; at < lines.length; at += cut) {
        const part = lines.slice(at, at + cut)
        // Rules are read before a range is judged, so after its last line was received: all that was written until then is known.
        const readMs = part.at(-1)!.receivedMs + readLateMs
        const known = fromMs.filter((ms) => ms - RULES_AFTER_MS <= readMs)
        asTheyCome.learn(known.length === 0 ? [] : [rulesWithVersions(known)])
        for (const [step, fates] of [
          [asTheyCome, dropped],
          [replayed, again],
        ] as const) {
          const batch = batchOfLines(part)
          step.apply(batch, { emit: true })
          fates.push(...[...batch.fate.subarray(0, batch.length)].map((fate) => fate === LogFate.rule))
        }
      }
      expect(dropped).toEqual(expected)
      expect(again).toEqual(expected)
    }),
    { numRuns: 60 },
  )
})
