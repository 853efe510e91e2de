import type { ActionType, RuleAction } from '../log-rule.ts'
import { remover, renamer, setter } from './change-fields.ts'
import { fieldNeeds } from './field-needs.ts'
import { counterOf } from './count-metric.ts'
import { parser, parserOf } from './parse.ts'
import { redactor } from './redact.ts'
import { type Act, type ActRead, dropped } from './run.ts'
import { changeTeller, edgeTeller } from './tell.ts'
import { rateLimiter, sampler } from './thin-out.ts'

type Of<Type extends ActionType> = Extract<RuleAction, { type: Type }>

const DROPPED = dropped('drop', 'is dropped')
const ready = (act: Act): ActRead => ({ ok: true, act })

const MAKERS: { [Type in ActionType]: (action: Of<Type>, place: string) => ActRead } = {
  drop: () => ready(() => DROPPED),
  sample: (action, place) => ready(sampler(action, place)),
  rate_limit: (action, place) => ready(rateLimiter(action, place)),
  parse(action) {
    const read = parserOf(action)
    return read.ok ? ready(parser(action, read.parse)) : read
  },
  redact: redactor,
  set: (action) => ready(setter(action)),
  rename: (action) => ready(renamer(action)),
  remove: (action) => ready(remover(action)),
  edge: (action) => ready(edgeTeller(action)),
  event: (action) => ready(changeTeller(action)),
  metric: (action, place) => ready(counterOf(action, place)),
}

/** An action made ready, or what is wrong with it. `place` tells its counters from those of others. */
export function readAct(action: RuleAction, place: string): ActRead {
  const wrong = fieldNeeds(action)
  if (wrong !== null) return { ok: false, ...wrong }
  const make = MAKERS[action.type] as (action: RuleAction, place: string) => ActRead
  return make(action, place)
}
