import { z } from 'zod'

/** What can be wrong with what a person wrote, by a code that stays; whoever has other words for it words it by its code and values, which stand in braces here. */
export const FAULTS = {
  // of texts in the language of search
  search_too_long: 'a search is at most {most} characters',
  filter_too_long: 'a filter is at most {most} characters',
  filter_empty: 'a filter is empty',
  bracket_not_opened: 'this bracket was never opened',
  bracket_not_closed: 'this bracket is never closed',
  quotation_not_closed: 'this quotation is never closed',
  quotation_empty: 'this quotation is empty',
  regex_not_closed: 'this /regular expression/ is never closed; to search for the text, put it in "quotes"',
  not_expected: '{text} is not expected here',
  search_too_deep: 'brackets and negations stand at most {most} deep',
  too_many_conditions: 'a search has at most {most} conditions',
  condition_missing: 'a condition is missing here',
  field_expected: 'a field name is expected, not {text}',
  condition_expected: 'a word or a condition is expected, not {text}',
  comparison_missing: '{text} needs a comparison: {text}:value, or {operators}',
  value_apart: '{field}: needs its value right behind it; to search for the text, put it in "quotes"',
  value_missing: '{field} {operator} needs a value',
  or_expected: 'OR is expected between the values of {field}, not {text}',
  not_severity: '{text} is no severity: trace, debug, info, warn, error, fatal, none, or 0 to 24',
  severity_pattern: 'severity is asked by name or number',
  compares_numbers: '{operator} compares numbers, and {text} is none',
  compares_no_patterns: '{operator} compares numbers, not patterns',
  id_compared: '{field} is an id, which is equal or not',
  // of expressions
  regex_too_long: 'the expression is longer than {most} characters',
  regex_repeats: 'the expression repeats too much: counted repeats multiply',
  regex_looks_around: 'the expression looks around, which no engine can do in bounded time: match what is there, and write {example} for what must not be',
  regex_refers_back: 'the expression refers back to a group, which no engine can do in bounded time',
  regex_bracket: 'the expression has a bracket ] that is missing',
  regex_parenthesis: 'the expression has a bracket ) that is missing',
  regex_closed_too_often: 'the expression has a bracket ) that was never opened',
  regex_escape: 'the expression has an escape that means nothing: {part}',
  regex_range: 'the expression has a range of characters that is none: {part}',
  regex_nothing_repeated: 'the expression repeats nothing: {part}',
  regex_repeat_count: 'the expression repeats more often than an expression can: {part}',
  regex_group_name: 'the expression has a group whose name is none, or twice: {part}',
  regex_syntax: 'the expression is none of RE2: {reason}',
  // of rules on logs and their actions
  missing: 'is missing',
  empty: 'is empty',
  does_nothing: 'is empty: a rule does something',
  too_long: 'is longer than {most} characters',
  too_many: 'has more than {most} entries',
  below: 'is below {least}',
  above: 'is above {most}',
  not_number: 'is not a number',
  not_whole: 'is no whole number',
  not_text: 'is no text',
  not_list: 'is no list',
  not_object: 'is no object',
  not_boolean: 'must be true or false',
  not_scalar: 'is no text, number or boolean',
  not_one_of: 'must be one of {values}',
  not_valid: 'is not valid',
  no_such_names: 'has no {names}',
  not_action: 'must be drop, sample, rate_limit, parse, redact, set, rename, remove, metric, edge or event',
  not_rule_id: 'is not the id of a rule: small letters, digits and dashes',
  not_pipeline_id: 'is not the id of a pipeline: small letters, digits and dashes',
  not_metric_name: 'is no name of a metric: 2 to 63 small letters, digits and _, a letter first',
  metric_name_reserved: 'begins with skein_, which is for what Skein says of itself',
  metric_name_suffix: 'ends in _bucket, _sum, _count or _total, which are for parts of metrics',
  not_metric_unit: 'is no unit: up to 32 letters, digits and signs, as of UCUM',
  not_json: 'is no JSON: {reason}',
  field_fixed: 'names {name}, which says where a line is from or what it is like, and no rule changes it',
  field_twice: 'names a field twice',
  percent_missing: 'is missing: how many of a hundred stay',
  first_missing: 'is missing: how many of a pattern stay in a minute',
  nothing_to_redact: 'needs presets or patterns: nothing says what to redact',
  columns_missing: 'needs columns',
  pattern_missing: 'needs a pattern',
  no_named_group: 'has no named group: {example}',
  grok_no_field: 'names no field: {example}',
  grok_no_pattern: 'knows no pattern {name}',
  grok_no_type: 'knows no type {type}: int, float or string',
  metric_counts_lines: 'is for sum and histogram: count counts lines, those that the rule wants',
  metric_field_missing: 'is missing: where the numbers of the {aggregation} are',
  metric_after_drop: 'comes after action {number}, which drops every line: put it before',
  metric_twice: 'is {name}, which an action before makes: two cannot fill one metric',
  metric_taken: 'is {name}, which rule {rule} ({id}) makes: two rules cannot fill one metric',
  metrics_full: 'would be one of more than {most} metrics of all rules',
  // of changes of rules
  definition_missing: 'the body is no object with a definition',
  no_pipeline: 'there is no pipeline {pipeline}: {pipelines}',
  no_rule: 'there is no rule {rule}',
  no_rule_in: 'there is no rule {rule} in pipeline {pipeline}',
  rules_full: 'there can be {most} rules in {pipelines} pipelines',
  order_incomplete: 'the order does not name every rule exactly once, or two pipelines have one id',
  changed_between: 'somebody else changed this in between',
  rules_read_only: 'here rules are read from a file and cannot be changed',
} satisfies Record<string, string>
export type FaultCode = keyof typeof FAULTS
export type FaultValues = Readonly<Record<string, string | number>>

/** One thing that is wrong. */
export interface Fault {
  code: FaultCode
  /** What its sentence speaks of. */
  values: FaultValues
  /** The sentence in English. */
  message: string
}

const CODES = Object.keys(FAULTS) as [FaultCode, ...FaultCode[]]
export const faultCode = z.enum(CODES)
export const faultValues = z.record(z.string(), z.union([z.string(), z.number()]))

export function faultOf(code: FaultCode, values: FaultValues = {}): Fault {
  return { code, values, message: FAULTS[code].replaceAll(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole)) }
}

/** What zod has against a value: by the code that a schema names instead of a message, else by what kind of issue it is. Wants issues with their input (`reportInput`). */
export function faultOfIssue(issue: z.core.$ZodIssue): Fault {
  if (issue.code === 'unrecognized_keys') return faultOf('no_such_names', { names: issue.keys.join(', ') })
  if (issue.code === 'invalid_type' && issue.input === undefined) return faultOf('missing')
  const named = faultCode.safeParse(issue.message)
  if (named.success) return faultOf(named.data)
  if (issue.code === 'too_small') return issue.origin === 'number' ? faultOf('below', { least: Number(issue.minimum) }) : faultOf('empty')
  if (issue.code === 'too_big') return faultOf(TOO_BIG[issue.origin] ?? 'too_many', { most: Number(issue.maximum) })
  if (issue.code === 'invalid_type') return faultOf(WRONG_TYPES[issue.expected] ?? 'not_valid')
  return issue.code === 'invalid_value' ? faultOf('not_one_of', { values: issue.values.map(String).join(', ') }) : faultOf('not_valid')
}

const TOO_BIG: Readonly<Record<string, FaultCode>> = { number: 'above', string: 'too_long' }
const WRONG_TYPES: Readonly<Record<string, FaultCode>> = {
  number: 'not_number',
  int: 'not_whole',
  string: 'not_text',
  boolean: 'not_boolean',
  array: 'not_list',
  object: 'not_object',
}
