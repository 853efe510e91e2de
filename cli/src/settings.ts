import { configSchema, ENV_NAMES } from '@skein/schemas/config'

export interface Setting {
  /** Dotted path in `skein.yaml`. */
  path: string
  env: string
  /** As it would be written, '' when unset. */
  fallback: string
  description: string
}

/** Every leaf of the configuration, in the schema's order. */
export function settings(): Setting[] {
  const shortNames = new Map(Object.entries(ENV_NAMES).map(([env, path]) => [path, env]))
  return leaves(configSchema, configSchema.parse({}), '').map(({ path, fallback, description }) => ({
    path,
    env: shortNames.get(path) ?? `SKEIN_${path.split('.').map(upperSnake).join('__')}`,
    fallback,
    description,
  }))
}

type Leaf = Omit<Setting, 'env'>

function leaves(schema: unknown, value: unknown, prefix: string): Leaf[] {
  const shape = shapeOf(schema)
  if (shape === null) return [{ path: prefix, fallback: fallbackText(value), description: descriptionOf(schema) }]
  return Object.entries(shape).flatMap(([key, inner]) => leaves(inner, (value as Record<string, unknown>)[key], prefix === '' ? key : `${prefix}.${key}`))
}

/** The fields of an object schema, through defaults; null for anything else. */
function shapeOf(schema: unknown): Record<string, unknown> | null {
  const { shape, def } = schema as { shape?: Record<string, unknown>; def?: { innerType?: unknown } }
  if (shape !== undefined) return shape
  return def?.innerType === undefined ? null : shapeOf(def.innerType)
}

function descriptionOf(schema: unknown): string {
  const { description, def } = schema as { description?: string; def?: { innerType?: unknown } }
  return description ?? (def?.innerType === undefined ? '' : descriptionOf(def.innerType))
}

function fallbackText(value: unknown): string {
  if (value === undefined || value === '' || (Array.isArray(value) && value.length === 0)) return ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function upperSnake(key: string): string {
  return key.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toUpperCase()
}

/** The manual's page of settings. */
export function settingsPage(): string {
  const rows = settings().map(
    ({ path, env, fallback, description }) => `| \`${path}\` | \`${env}\` | ${fallback === '' ? '–' : `\`${fallback}\``} | ${description} |`,
  )
  return [
    '# Settings',
    '',
    'Defaults, then `skein.yaml` (or `--config file`), then the environment, where an empty variable counts as not set. An unknown name is an error, and all errors are told at once.',
    'Sizes are bytes; names end in their unit. This page is made from the schema: `npx skein settings`.',
    '',
    '| in skein.yaml | in the environment | default | |',
    '|---|---|---|---|',
    ...rows,
    '',
  ].join('\n')
}
