import { type ActionType, METRIC_AGGREGATIONS, PARSE_FORMATS, TIME_FORMATS } from '@skein/schemas/log-rule'
import { EVENT_KINDS } from '@skein/schemas/api/events'
import { faultOf } from '@skein/schemas/fault'
import { type RuleError, type RuleRead, readRule } from '@skein/schemas/rules/read-rule'
import { z } from 'zod'

/** A rule while it is written: a definition as far as a form needs it, right or not. */
export interface RuleDraft {
  name: string
  enabled: boolean
  match: string
  actions: DraftAction[]
}

export type DraftAction = { type: ActionType } & Readonly<Record<string, unknown>>

export const ACTION_TYPES = ['drop', 'sample', 'rate_limit', 'parse', 'redact', 'set', 'rename', 'remove', 'metric', 'edge', 'event'] as const

/** What a new action of a type begins as. */
export const NEW_ACTIONS: Readonly<Record<ActionType, DraftAction>> = {
  drop: { type: 'drop' },
  sample: { type: 'sample', by: 'pattern', first: 100, oneIn: 1000 },
  rate_limit: { type: 'rate_limit', lines: 100, per: 'second' },
  parse: { type: 'parse', format: 'json' },
  redact: { type: 'redact', mode: 'replace', presets: ['phone'] },
  set: { type: 'set', field: '', value: '' },
  rename: { type: 'rename', from: '', to: '' },
  remove: { type: 'remove', fields: [] },
  metric: { type: 'metric', name: '', aggregation: 'count' },
  edge: { type: 'edge' },
  event: { type: 'event', kind: 'deploy', title: '' },
}

export interface FieldSpec {
  name: FieldName
  /** `list`: between commas. `rows`: one a row. `value`: a number or yes or no where it reads as one. */
  kind: 'text' | 'number' | 'choice' | 'presets' | 'list' | 'rows' | 'value'
  options?: readonly string[]
  when?: (action: DraftAction) => boolean
}

const FIELD_NAMES = [
  'by',
  'percent',
  'first',
  'oneIn',
  'lines',
  'per',
  'key',
  'format',
  'pattern',
  'columns',
  'separator',
  'assign',
  'from',
  'prefix',
  'time',
  'timeFormat',
  'severity',
  'traceId',
  'spanId',
  'message',
  'mode',
  'presets',
  'patterns',
  'fields',
  'with',
  'field',
  'value',
  'to',
  'name',
  'kind',
  'aggregation',
  'unit',
  'caller',
  'upstream',
  'duration',
  'durationUnit',
  'status',
  'operation',
  'title',
  'version',
] as const
export type FieldName = (typeof FIELD_NAMES)[number]

const text = (name: FieldName, when?: FieldSpec['when']): FieldSpec => ({ name, kind: 'text', ...(when === undefined ? {} : { when }) })
const choice = (name: FieldName, options: readonly string[], when?: FieldSpec['when']): FieldSpec => ({ ...text(name, when), kind: 'choice', options })
const of = (name: FieldName, kind: FieldSpec['kind'], when?: FieldSpec['when']): FieldSpec => ({ ...text(name, when), kind })
const byPattern = (action: DraftAction): boolean => action['by'] === 'pattern'
const isFormat =
  (...formats: string[]) =>
  (action: DraftAction) =>
    formats.includes(String(action['format']))

/** What can be said of each action, in the order a form asks. */
export const ACTION_FIELDS: Readonly<Record<ActionType, readonly FieldSpec[]>> = {
  drop: [],
  sample: [
    choice('by', ['line', 'trace', 'pattern']),
    of('percent', 'number', (action) => !byPattern(action)),
    of('first', 'number', byPattern),
    of('oneIn', 'number', byPattern),
  ],
  rate_limit: [of('lines', 'number'), choice('per', ['second', 'minute']), of('key', 'list')],
  parse: [
    choice('format', PARSE_FORMATS),
    text('pattern', isFormat('regex', 'grok')),
    of('columns', 'list', isFormat('csv')),
    text('separator', isFormat('csv', 'key_value')),
    text('assign', isFormat('key_value')),
    text('from'),
    text('prefix'),
    text('time'),
    choice('timeFormat', ['', ...TIME_FORMATS]),
    text('severity'),
    text('traceId'),
    text('spanId'),
    text('message'),
  ],
  redact: [
    choice('mode', ['replace', 'hash', 'remove']),
    of('presets', 'presets'),
    of('patterns', 'rows'),
    of('fields', 'list'),
    text('with', (action) => action['mode'] === 'replace'),
  ],
  set: [text('field'), of('value', 'value')],
  rename: [text('from'), text('to')],
  remove: [of('fields', 'list')],
  metric: [
    text('name'),
    choice('aggregation', METRIC_AGGREGATIONS),
    text('field', (action) => action['aggregation'] !== 'count'),
    text('unit'),
    of('by', 'list'),
  ],
  edge: [text('caller'), text('upstream'), text('duration'), choice('durationUnit', ['', 's', 'ms', 'us', 'ns']), text('status'), text('operation')],
  event: [choice('kind', EVENT_KINDS), text('title'), text('version')],
}

/** The action with what was typed into one of its fields; nothing typed is nothing said. */
export function withField(action: DraftAction, { name, kind }: FieldSpec, typed: string): DraftAction {
  const { [name]: _before, ...rest } = action
  const value = valueOf(kind, typed)
  const required = NEW_ACTIONS[action.type][name] !== undefined
  return value === undefined && !required
    ? ({ ...rest, type: action.type } as DraftAction)
    : ({ ...action, [name]: value ?? (kind === 'list' ? [] : '') } as DraftAction)
}

function valueOf(kind: FieldSpec['kind'], typed: string): unknown {
  if (typed === '') return undefined
  if (kind === 'number') return Number.isNaN(Number(typed)) ? typed : Number(typed)
  if (kind === 'value') return typed === 'true' ? true : typed === 'false' ? false : plainNumber(typed)
  if (kind === 'list') return typed.split(',').map((part) => part.trim())
  if (kind === 'rows') return typed.split('\n')
  return typed
}

/** `007` stays a text. */
function plainNumber(typed: string): string | number {
  return typed.trim() !== '' && String(Number(typed)) === typed ? Number(typed) : typed
}

/** What a field holds, as it is typed. */
export function typedOf(action: DraftAction, { name, kind }: FieldSpec): string {
  const value = action[name]
  if (Array.isArray(value)) return value.join(kind === 'rows' ? '\n' : ', ')
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : ''
}

const draftShape: z.ZodType<RuleDraft> = z.object({
  name: z.string().default(''),
  enabled: z.boolean().default(true),
  match: z.string().default(''),
  actions: z.array(z.looseObject({ type: z.enum(ACTION_TYPES) })).default([]) as unknown as z.ZodType<DraftAction[]>,
})

/** A draft as the address holds it; one that cannot be read is what was saved, or a new one that drops. */
export function readDraft(json: string, saved: RuleDraft | null, match = ''): RuleDraft {
  const empty: RuleDraft = { name: '', enabled: true, match, actions: [NEW_ACTIONS.drop] }
  if (json === '') return saved ?? empty
  try {
    return draftShape.parse(JSON.parse(json))
  } catch {
    return saved ?? empty
  }
}

/** What is wrong with a text that should be a definition, and the definition when nothing is. */
export function readJson(json: string): RuleRead {
  try {
    return readRule(JSON.parse(json))
  } catch (error) {
    return { ok: false, errors: [{ path: '', ...faultOf('not_json', { reason: (error as Error).message }) }] }
  }
}

/** The errors that belong to a field: its own and those of what it holds. */
export function errorsAt(errors: readonly RuleError[], path: string): readonly RuleError[] {
  return errors.filter((error) => error.path === path || error.path.startsWith(`${path}.`))
}
