import type { RuleAction } from '../log-rule.ts'
import { clearOwn, fieldOf, isOwnField, removeField, setField, textOf } from './rule-line.ts'
import { type Act, changed, kept } from './run.ts'

type Of<Type extends RuleAction['type']> = Extract<RuleAction, { type: Type }>

export function setter({ field, value }: Of<'set'>): Act {
  return (line) => (setField(line, field, value) ? changed(`${field} is ${String(value)}`) : kept(`${field} cannot be ${String(value)}`))
}

/** What the new name cannot take stays under the old one. A field of the line that it has goes before an attribute that is called so. */
export function renamer({ from, to }: Of<'rename'>): Act {
  return (line) => {
    const own = isOwnField(from) ? fieldOf(line, from) : undefined
    const value = own ?? line.attributes.get(from)
    if (value === undefined) return kept(`has no ${from}`)
    if ((own !== undefined && from === to) || !setField(line, to, value)) return kept(`${to} cannot be ${textOf(value)}`)
    if (own !== undefined && isOwnField(from)) clearOwn(line, from)
    else if (from !== to || isOwnField(to)) line.attributes.delete(from)
    return changed(`${from} is now ${to}`)
  }
}

export function remover({ fields }: Of<'remove'>): Act {
  return (line) => {
    const gone = fields.filter((field) => removeField(line, field))
    return gone.length === 0 ? kept(`has no ${fields.join(', ')}`) : changed(`without ${gone.join(', ')}`)
  }
}
