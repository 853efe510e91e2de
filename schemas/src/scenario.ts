import { z } from 'zod'
import { readFilter } from './filter.ts'

export const MAX_STEPS = 20
export const MAX_SCENARIOS = 50
const MAX_NAME_CHARS = 100
const MAX_WITHIN_MS = 24 * 3_600_000
/** From when on a written definition holds, so that every reader has seen it before the first record it is asked about. */
export const EFFECTIVE_AFTER_MS = 2000

const name = z.string().trim().min(1, 'has no name').max(MAX_NAME_CHARS, `has a name of more than ${MAX_NAME_CHARS} characters`)
const word = z.string().min(1, 'is empty').max(500, 'is longer than 500 characters')

/** Which records are a step. All that is given must hold. */
export const stepMatch = z
  .strictObject({
    kind: z.enum(['span', 'device'], 'must be span or device').meta({ description: 'span: from a service. device: from the device SDK' }),
    service: word.optional(),
    operation: word.optional().meta({ description: 'Name of the span' }),
    event: word.optional().meta({ description: 'Name of the device event' }),
    where: z
      .string()
      .optional()
      .meta({ description: 'Condition on attributes and duration_ms, status, kind', examples: ['http.response.status_code < 400'] }),
  })
  .meta({ id: 'StepMatch' })
export type StepMatch = z.infer<typeof stepMatch>

export const scenarioStep = z
  .strictObject({
    name,
    match: stepMatch,
    slowMs: z.number('is not a number').positive('is not above 0').max(86_400_000, 'is more than a day').optional(),
    optional: z.boolean().optional().meta({ description: 'Leaving it out ends nothing' }),
  })
  .meta({ id: 'ScenarioStep' })
export type ScenarioStep = z.infer<typeof scenarioStep>

/** A named list of steps as a customer lives them (a business scenario). */
export const scenarioDefinition = z
  .strictObject({
    name,
    key: z
      .string()
      .regex(/^(?:session|user|trace|attribute:.{1,200})$/, 'is not session, user, trace or attribute:<key>')
      .meta({ description: 'What the steps of one run have in common: session (session.id), user (user.id), trace, or attribute:<key>' }),
    within: z
      .string()
      .regex(/^\d{1,6}[smh]$/, 'is not a length of time: give 30s, 10m or 2h')
      .meta({ description: 'How long after its start a run may take', examples: ['10m'] }),
    steps: z.array(scenarioStep).min(1, 'has no steps').max(MAX_STEPS, `has more than ${MAX_STEPS} steps`),
    success: word.meta({ description: 'Name of the step that is what the customer came for' }),
  })
  .meta({ id: 'ScenarioDefinition' })
export type ScenarioDefinition = z.infer<typeof scenarioDefinition>

const version = z.object({
  version: z.number().int().positive(),
  definition: scenarioDefinition,
  /** Unix ms: records received from here on are judged by it, until the next version's. */
  effectiveFromMs: z.number().int(),
})
export type ScenarioVersion = z.infer<typeof version>

/** As kept in the metadata store. The last version is the one that holds; those before it are for what is read again. */
export const scenarioRecord = z.object({
  id: z.string().regex(/^[a-z0-9]{1,32}$/),
  tenant: z.string(),
  createdAtMs: z.number().int(),
  updatedAtMs: z.number().int(),
  versions: z.array(version).min(1),
})
export type ScenarioRecord = z.infer<typeof scenarioRecord>

/** The span attribute that is a key; null when the key is the trace. */
export function keyAttributes(key: string): readonly string[] | null {
  if (key === 'trace') return null
  if (key === 'session') return ['session.id']
  if (key === 'user') return ['user.id', 'enduser.id']
  return [key.slice('attribute:'.length)]
}

const UNIT_MS = { s: 1000, m: 60_000, h: 3_600_000 }

export function withinMs({ within }: Pick<ScenarioDefinition, 'within'>): number {
  const unit = within.at(-1)
  return Number(within.slice(0, -1)) * UNIT_MS[unit === 'h' ? 'h' : unit === 's' ? 's' : 'm']
}

export interface ScenarioError {
  /** Where in the definition, as `steps.2.match.where`. */
  path: string
  /** A sentence that names the step. */
  message: string
}

export type ScenarioRead = { ok: true; definition: ScenarioDefinition } | { ok: false; errors: ScenarioError[] }

/** A definition, or all that is wrong with it, each naming the step and the reason. */
export function readScenario(value: unknown): ScenarioRead {
  const read = scenarioDefinition.safeParse(value)
  if (!read.success)
    return { ok: false, errors: read.error.issues.map((issue) => ({ path: issue.path.join('.'), message: sentence(value, issue.path, reasonOf(issue)) })) }
  const found = [...wholeErrors(read.data), ...read.data.steps.flatMap(stepErrors)]
  const errors = found.map(({ path, message }) => ({ path: path.join('.'), message: sentence(value, path, message) }))
  return errors.length > 0 ? { ok: false, errors } : { ok: true, definition: read.data }
}

interface Found {
  path: (string | number)[]
  message: string
}

function wholeErrors(definition: ScenarioDefinition): Found[] {
  const names = definition.steps.map((step) => step.name)
  const errors: Found[] = []
  const length = withinMs(definition)
  if (length < 1000 || length > MAX_WITHIN_MS) errors.push({ path: ['within'], message: 'is not between 1s and 24h' })
  if (!names.includes(definition.success)) errors.push({ path: ['success'], message: `names ${definition.success}, which is no step: ${names.join(', ')}` })
  if (definition.steps[0]?.optional === true) errors.push({ path: ['steps', 0, 'optional'], message: 'is the start of every run and cannot be optional' })
  names.forEach((each, at) => {
    if (names.indexOf(each) < at) errors.push({ path: ['steps', at, 'name'], message: `has the name of step ${names.indexOf(each) + 1}` })
  })
  return errors
}

function stepErrors({ match }: ScenarioStep, at: number): Found[] {
  const errors: Found[] = []
  const within = (field: string[]) => ['steps', at, 'match', ...field]
  if (match.kind === 'span') {
    if (match.event !== undefined) errors.push({ path: within(['event']), message: 'is for device records; a span has an operation' })
    if (match.service === undefined && match.operation === undefined)
      errors.push({ path: within([]), message: 'needs a service or an operation: else every span is this step' })
  } else {
    if (match.event === undefined) errors.push({ path: within(['event']), message: 'is missing: a device record is known by its event' })
    if (match.operation !== undefined) errors.push({ path: within(['operation']), message: 'is for spans; a device record has an event' })
  }
  if (match.where === undefined) return errors
  const where = readFilter(match.where)
  if (!where.ok) errors.push({ path: within(['where']), message: `column ${where.error.column}: ${where.error.message}` })
  return errors
}

function sentence(value: unknown, path: readonly PropertyKey[], reason: string): string {
  const [first, at, ...inside] = path
  if (first !== 'steps' || typeof at !== 'number') return [path.join('.') || 'the definition', reason].join(' ')
  const where = inside.filter((part) => part !== 'name' && (part !== 'match' || inside.length === 1)).join('.')
  return [`step ${at + 1}${nameOf(value, at)}${where === '' ? '' : ','}`, where, reason].filter((part) => part !== '').join(' ')
}

function nameOf(value: unknown, at: number): string {
  const step = (value as { steps: unknown[] }).steps[at]
  return typeof step === 'object' && step !== null && 'name' in step && typeof step.name === 'string' && step.name !== '' ? ` "${step.name}"` : ''
}

function reasonOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') return `has no ${issue.keys.join(', ')}`
  if (issue.code === 'invalid_type' && issue.input === undefined) return 'is missing'
  return issue.message.startsWith('Invalid input') ? 'is missing or of the wrong type' : issue.message
}
