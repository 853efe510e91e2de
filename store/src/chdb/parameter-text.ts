import { literal } from '../sql/insert.ts'
import type { Value } from '../sql/terms.ts'

/**
 * `SET param_… = …` for the parameters of a query. The embedded engine binds parameters given beside a query one query at a time in the
 * whole process; set on the connection they are the same parameters, and readers run side by side.
 */
export function setParameters(parameters: Readonly<Record<string, Value>>): string {
  const assignments = Object.entries(parameters).map(([name, value]) => `param_${name} = ${literal(parameterText(value))}`)
  return assignments.length === 0 ? '' : `SET ${assignments.join(', ')}; `
}

/** The value in the text form in which the engine parses a parameter of its type. */
function parameterText({ type, value }: Value): string {
  if (typeof value === 'number') return String(value)
  if (typeof value === 'string') return escaped(value)
  const quoted = type === 'Array(String)' ? value.map((each) => `'${escaped(each).replaceAll("'", "\\'")}'`) : value
  return `[${quoted.join(',')}]`
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\t', '\\t').replaceAll('\n', '\\n').replaceAll('\r', '\\r').replaceAll('\0', '\\0')
}
