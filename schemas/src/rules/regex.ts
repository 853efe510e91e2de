import { RE2JS, RE2JSException, RE2JSSyntaxException } from 're2js'
import { type Fault, type FaultCode, faultOf } from '../fault.ts'
import { MAX_REGEX_CHARS } from '../log-rule.ts'
import { literalOf } from './regex-literal.ts'

/**
 * A regular expression of a person: syntax of RE2 (no look-around, no back-references), so that its time is linear in the text, whatever the two are.
 * `work` counts what it cost, in units of about 5 ns, from the lengths alone: the same text always costs the same.
 */
export interface SafeRegex {
  test(text: string, work: Work): boolean
  /** Groups by name; null when it does not match. A group that took no part is left out. */
  groups(text: string, work: Work): Map<string, string> | null
  /** Every place where it matches, by what `replacement` makes of the text there. */
  replaceAll(text: string, replacement: (found: string) => string, work: Work): string
  /** Names of its groups. */
  names: readonly string[]
  /** A text that is in everything it matches; '' when none is known. */
  literal: string
}

/** Counts down; what would go below 0 throws `OverrunError` before it is done. */
export interface Work {
  left: number
}

export class OverrunError extends Error {
  override readonly name = 'OverrunError'
}

export type RegexRead = { ok: true; regex: SafeRegex } | ({ ok: false; column: number } & Fault)

/** Instructions a compiled expression may have: what a small text can unfold to by counting. */
const MAX_INSTRUCTIONS = 2000
/** A test runs on an automaton; groups walk the instructions. */
const TEST_UNITS = 4

export function spend(work: Work, units: number): void {
  if (units > work.left) throw new OverrunError('takes longer than a line may take')
  work.left -= units
}

/** An expression, or why it is refused and where. */
export function readRegex(source: string): RegexRead {
  if (source.length > MAX_REGEX_CHARS) return { ok: false, column: MAX_REGEX_CHARS + 1, ...faultOf('regex_too_long', { most: MAX_REGEX_CHARS }) }
  try {
    const compiled = RE2JS.compile(source)
    const instructions = compiled.programSize()
    if (instructions > MAX_INSTRUCTIONS) return { ok: false, column: 1, ...faultOf('regex_repeats') }
    return { ok: true, regex: safeRegex(compiled, instructions, literalOf(source)) }
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error
    return { ok: false, ...refusalOf(error, source) }
  }
}

function safeRegex(compiled: RE2JS, instructions: number, literal: string): SafeRegex {
  const groups = Object.entries(compiled.namedGroups())
  const walk = (text: string, work: Work): void => spend(work, (text.length + 1) * Math.max(TEST_UNITS, instructions))
  return {
    names: groups.map(([name]) => name),
    literal,
    test(text, work) {
      spend(work, (text.length + 1) * TEST_UNITS)
      return compiled.test(text)
    },
    groups(text, work) {
      if (literal !== '' && !text.includes(literal)) return null
      walk(text, work)
      const matcher = compiled.matcher(text)
      if (!matcher.find()) return null
      const found = new Map<string, string>()
      for (const [name, group] of groups) {
        const value = matcher.group(group)
        if (value !== null) found.set(name, value)
      }
      return found
    },
    replaceAll(text, replacement, work) {
      if (literal !== '' && !text.includes(literal)) return text
      walk(text, work)
      const matcher = compiled.matcher(text)
      const parts: string[] = []
      let from = 0
      while (matcher.find()) {
        const [start, end] = [matcher.start(), matcher.end()]
        if (end === start) continue
        parts.push(text.slice(from, start), replacement(text.slice(start, end)))
        from = end
      }
      return from === 0 ? text : parts.join('') + text.slice(from)
    },
  }
}

/** What RE2 has no words for of its own. */
const UNBOUNDED: readonly [test: RegExp, fault: Fault][] = [
  [/^\(\?(?:<?[=!])/, faultOf('regex_looks_around', { example: '-/…/' })],
  [/^\\[1-9]/, faultOf('regex_refers_back')],
]

/** By the words of the engine. */
const REFUSALS: Readonly<Record<string, FaultCode>> = {
  'missing closing ]': 'regex_bracket',
  'missing closing )': 'regex_parenthesis',
  'unexpected )': 'regex_closed_too_often',
  'invalid escape sequence': 'regex_escape',
  'trailing backslash at end of expression': 'regex_escape',
  'invalid character class range': 'regex_range',
  'missing argument to repetition operator': 'regex_nothing_repeated',
  'invalid nested repetition operator': 'regex_nothing_repeated',
  'invalid repeat count': 'regex_repeat_count',
  'invalid named capture': 'regex_group_name',
  'duplicate capture group name': 'regex_group_name',
  'expression too large': 'regex_repeats',
}

function refusalOf(error: RE2JSException, source: string): { column: number } & Fault {
  if (!(error instanceof RE2JSSyntaxException)) return { column: 1, ...faultOf('regex_syntax', { reason: error.message }) }
  const part = error.input ?? ''
  const at = part === '' ? 0 : Math.max(0, source.indexOf(part))
  const unbounded = UNBOUNDED.find(([test]) => test.test(source.slice(at)))?.[1]
  const known = REFUSALS[error.error]
  const told = known === undefined ? faultOf('regex_syntax', { reason: `${error.error} ${part}`.trim() }) : faultOf(known, { part })
  return { column: at + 1, ...(unbounded ?? told) }
}
