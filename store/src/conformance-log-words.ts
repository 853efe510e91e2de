import { createHash } from 'node:crypto'
import { compileSearch } from '@skein/schemas/filter/compile'
import { IGNORE_CASE } from '@skein/schemas/filter/tokens'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { START_MS, WINDOW } from './conformance-log-lines.ts'
import { insertRows } from './conformance-rows.ts'
import { quoteRegex } from './questions/regex-text.ts'
import type { Suite } from './conformance-suite.ts'

const LINES = 8000
/** Letters that are rare and common, of several scripts and widths, and all that may stand between words. */
const UNITS = ["a B q k ſ \u212a 7 f9 by _ . : ' , - = % \\ 登 录 魑 ， あ 한 ü é １ 𠀀 😀".split(' '), ' ', ' ', '\n'].flat()
const SAMPLE = { seed: 22, numRuns: LINES }

/** Every body ends with an id that no other has. */
export const WORDY_BODIES: readonly string[] = fc
  .sample(fc.string({ unit: fc.constantFrom(...UNITS), maxLength: 16 }), SAMPLE)
  .map((text, at) => `${text} id=${createHash('sha256').update(String(at)).digest('hex').slice(0, 16)}`)

/** Parts of bodies with `*` before, behind and inside, and the same parts as phrases and as expressions. */
const SEARCHED: readonly { op: 'has' | 'like' | 'matches'; value: string }[] = fc
  .sample(fc.tuple(fc.nat(LINES - 1), fc.nat(30), fc.integer({ min: 1, max: 9 }), fc.nat(30), fc.nat(6)), { seed: 4, numRuns: 140 })
  .map(([line, from, length, star, kind]) => {
    const body = Array.from(WORDY_BODIES[line] ?? '')
    const start = from % body.length
    const part = body.slice(start, start + length)
    const value = part.join('')
    const expression = part
      .map(quoteRegex)
      .with(star % part.length, ['.', '.*', '[^x]'][star % 3]!)
      .join('')
    const holed = part.with(star % part.length, '*').join('')
    return [
      { op: 'like' as const, value: `*${value}*` },
      { op: 'like' as const, value: `*${value.toUpperCase()}` },
      { op: 'like' as const, value: `${value}*` },
      { op: 'like' as const, value: `*${holed}*` },
      { op: 'has' as const, value },
      { op: 'matches' as const, value: expression },
      { op: 'matches' as const, value: `${IGNORE_CASE}${expression.toUpperCase()}` },
    ][kind]!
  })
  .filter(({ value }) => value.replaceAll('*', '') !== '')

export const WORDY_ROWS = WORDY_BODIES.map((body, seq) => ({ bucket: START_MS, ts: BigInt(START_MS) * 1_000_000n, seq, service: 'epg', body }))

const regexOf = (source: string) => {
  const folds = source.startsWith(IGNORE_CASE)
  const regex = new RegExp(folds ? source.slice(IGNORE_CASE.length) : source, folds ? 'iu' : 'u')
  return (value: string) => regex.test(value)
}

/** Searches of which the store finds other lines than reading all of them does. */
export async function wrongSearches(suite: Pick<Suite, 'store'>, tenant: string): Promise<string[]> {
  const wrong: string[] = []
  for (const test of SEARCHED) {
    const search = { field: 'body', ...test }
    const holds = compileSearch(search, regexOf)
    const expected = WORDY_BODIES.filter((body) => holds((name) => (name === 'body' ? body : undefined)))
    const found = await suite.store().logs.search({ tenant, ...WINDOW, search, order: 'asc', limit: LINES })
    if (found.map(({ body }) => body).join('\0') !== expected.join('\0')) wrong.push(`${JSON.stringify(test)}: ${found.length} instead of ${expected.length}`)
  }
  return wrong
}

/** Indexes leave out no line. */
export function logWordLaws(suite: Suite): void {
  test('a part of a body, however short and of whatever script, is found in all lines that have it, merged or not', { timeout: 120_000 }, async () => {
    const tenant = suite.fresh('tenant')
    await insertRows(suite, 'logs', tenant, WORDY_ROWS.slice(0, LINES / 2))
    await insertRows(suite, 'logs', tenant, WORDY_ROWS.slice(LINES / 2))
    expect(await wrongSearches(suite, tenant)).toEqual([])
    await suite.run('OPTIMIZE TABLE logs FINAL')
    expect(await wrongSearches(suite, tenant)).toEqual([])
  })
}
