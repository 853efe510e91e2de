import type { AttributeDifference } from '@skein/schemas/api/trace-comparison'
import type { TracesState } from './url.ts'

/** The search that keeps this value alone; null for what cannot be searched. */
export function filterOf({ key, scope }: Pick<AttributeDifference, 'key' | 'scope'>, value: string, state: TracesState): Partial<TracesState> | null {
  if (scope === 'resource') return key === 'service.name' ? { service: value } : null
  if (key === 'service' || key === 'operation') return { [key]: value }
  if (key === 'status') return value === 'error' ? { error: 'true' } : null
  return { attr: [...new Set([...state.attr, `${key}=${value}`])] }
}
