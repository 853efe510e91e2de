import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createDrain, type Drain } from './drain.ts'
import { knownLine, randomFrom } from './lines-for-tests.ts'

const text = new TextEncoder()
const untext = new TextDecoder()
const nothing = (): void => undefined

function matchText(drain: Drain, line: string): number {
  const bytes = text.encode(line)
  return drain.match(bytes, 0, bytes.length, nothing)
}

const textsOf = (drain: Drain): string[] => drain.templates.map((template) => untext.decode(template.text))

describe('the templates of a service', () => {
  it('name what varies and keep what does not', () => {
    const drain = createDrain({ left: 100 })
    for (const line of [
      'user alice logged in from 10.0.0.1',
      'user bob logged in from 10.0.0.2',
      'took 35ms',
      'port:8080 open',
      '12:30:05 up',
      '用户42登录',
      'a=1, b="x y"',
    ])
      matchText(drain, line)
    expect(textsOf(drain)).toEqual(['user <*> logged in from <*>', 'took <*>', 'port:<*> open', '<*> up', '用户<*>登录', 'a=<*>, b="x y"'])
  })

  it('group lines as the statements that wrote them do: ≥ 0.9 of the lines are grouped exactly', () => {
    const random = randomFrom(7)
    const drain = createDrain({ left: 1000 })
    const lines = Array.from({ length: 20_000 }, () => knownLine(random))
    const found = lines.map((line) => matchText(drain, line.text))
    expect(
      groupingAccuracy(
        found,
        lines.map((line) => line.statement),
      ),
    ).toBeGreaterThanOrEqual(0.9)
    expect(drain.templates.length).toBeLessThan(60)
  })

  it('say beforehand which of them a line will join', () => {
    const random = randomFrom(11)
    const drain = createDrain({ left: 1000 })
    let known = 0
    for (let at = 0; at < 3000; at++) {
      const bytes = text.encode(knownLine(random).text)
      const before = drain.templates.length
      const found = drain.find(bytes, 0, bytes.length)
      expect(drain.templates.length).toBe(before)
      const joined = drain.match(bytes, 0, bytes.length, nothing)
      expect(found).toBe(joined === before ? -1 : joined)
      if (found >= 0) known++
    }
    expect(known).toBeGreaterThan(2000)
  })

  it('answer the same when made again from their texts at any moment', () => {
    const line = fc.oneof(
      fc
        .array(fc.constantFrom('a', 'b', '7', '<*>', '用户', 'x=1', '12:3', ':', '\n', 'é', ' ', '<', 'long'.repeat(30)), { maxLength: 12 })
        .map((parts) => parts.join(' ')),
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.integer().map((seed) => knownLine(randomFrom(seed)).text),
    )
    fc.assert(
      fc.property(fc.array(line, { maxLength: 60 }), fc.array(line, { maxLength: 20 }), fc.constantFrom(5, 1000), (before, after, max) => {
        const first = createDrain({ left: max })
        for (const each of before) matchText(first, each)
        const second = createDrain({ left: max })
        for (const template of first.templates) second.restore(template.text)
        expect(after.map((each) => matchText(second, each))).toEqual(after.map((each) => matchText(first, each)))
        expect(textsOf(second)).toEqual(textsOf(first))
      }),
      { numRuns: 500 },
    )
  })

  it('are no more than allowed, and a line without a word has none', () => {
    const drain = createDrain({ left: 3 })
    expect(['one', 'two words', 'and three words', 'now four words here', '', ' \n ', '::'].map((line) => matchText(drain, line))).toEqual([
      0, 1, 2, -1, -1, -1, -1,
    ])
  })

  it('tell of every new and every widened one, once', () => {
    const drain = createDrain({ left: 10 })
    const told: number[] = []
    for (const line of ['user alice logged in', 'user bob logged in', 'user carol logged in', 'other']) {
      const bytes = text.encode(line)
      drain.match(bytes, 0, bytes.length, (template) => told.push(template))
    }
    expect(told).toEqual([0, 0, 1])
  })
})

/** Share of lines whose group holds exactly the lines of their statement (grouping accuracy of the LogHub benchmark). */
function groupingAccuracy(found: readonly number[], known: readonly number[]): number {
  const members = (of: readonly number[]): Map<number, string> => {
    const lists = new Map<number, number[]>()
    for (const [line, group] of of.entries()) {
      const lines = lists.get(group)
      if (lines === undefined) lists.set(group, [line])
      else lines.push(line)
    }
    return new Map([...lists].map(([group, lines]) => [group, lines.join()]))
  }
  const [foundMembers, knownMembers] = [members(found), members(known)]
  return found.filter((group, line) => foundMembers.get(group) === knownMembers.get(known[line] ?? -1)).length / found.length
}
