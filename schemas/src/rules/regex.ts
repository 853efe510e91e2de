import { RE2JS, RE2JSException, RE2JSSyntaxException } from 're2js'
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

export type RegexRead = { ok: true; regex: SafeRegex } | { ok: false; message: string; column: number }

/** Instructions a compiled expression may have: what a small text can unfold to by counting. */
const MAX_INSTRUCTIONS = 2000
/** A test runs on an automaton; groups walk the instructions. */
const TEST_UNITS = 4

export function spend(work: Work, units: number): void {
  if (units > work.left) throw new OverrunError('takes longer than a line may take')
  work.left -= units
}

/** An expression, or why it is refused and where. */
export function readRegex(source: string, flags: { ignoreCase?: boolean } = {}): RegexRead {
  if (source.length > MAX_REGEX_CHARS) return { ok: false, message: `is longer than ${MAX_REGEX_CHARS} characters`, column: MAX_REGEX_CHARS + 1 }
  try {
    const compiled = RE2JS.compile(source, flags.ignoreCase === true ? RE2JS.CASE_INSENSITIVE : 0)
    const instructions = compiled.programSize()
    if (instructions > MAX_INSTRUCTIONS) return { ok: false, message: 'repeats too much: counted repeats multiply', column: 1 }
    return { ok: true, regex: safeRegex(compiled, instructions, flags.ignoreCase === true ? '' : literalOf(source)) }
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

const REASONS: readonly [test: RegExp, reason: string][] = [
  [/^\(\?(?:<?[=!])/, 'looks around, which no engine can do in bounded time: match what is there, and write -/…/ for what must not be'],
  [/^\\[1-9]/, 'refers back to a group, which no engine can do in bounded time'],
]

function refusalOf(error: RE2JSException, source: string): { message: string; column: number } {
  const part = error instanceof RE2JSSyntaxException ? (error.input ?? '') : ''
  const at = part === '' ? 0 : Math.max(0, source.indexOf(part))
  const known = REASONS.find(([test]) => test.test(source.slice(at)))
  const reason = error instanceof RE2JSSyntaxException ? `is no regular expression: ${error.error}${part === '' ? '' : ` ${part}`}` : error.message
  return { message: known?.[1] ?? reason, column: at + 1 }
}
