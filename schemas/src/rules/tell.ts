import type { EdgeAction, EventAction } from '../log-rule.ts'
import { fieldOf, type RuleLine } from './rule-line.ts'
import { type Act, kept } from './run.ts'

const UNIT_NS = { s: 1e9, ms: 1e6, us: 1000, ns: 1 }
const FIRST_ERROR = 500
const MAX_DURATION_NS = 86_400e9
const MAX_NAME_CHARS = 256

function firstOf(line: RuleLine, names: readonly string[]): string {
  for (const name of names) {
    const value = fieldOf(line, name)
    if (value !== undefined && value !== '' && value !== '-') return String(value)
  }
  return ''
}

/** A line without an upstream (a proxy that answered by itself) tells of no call. */
export function edgeTeller(action: EdgeAction): Act {
  const named = (field: string | undefined, usual: readonly string[]): readonly string[] => (field === undefined ? usual : [field])
  const upstreams = named(action.upstream, ['upstream.name', 'upstream.address'])
  const durations = named(action.duration, ['upstream.duration', 'http.server.request.duration'])
  const statuses = named(action.status, ['upstream.status', 'http.response.status_code'])
  const unit = UNIT_NS[action.durationUnit ?? 's']
  return (line, { call }) => {
    const caller = firstOf(line, [action.caller ?? 'service']).slice(0, MAX_NAME_CHARS)
    const upstream = firstOf(line, upstreams).slice(0, MAX_NAME_CHARS)
    if (caller === '' || upstream === '') return kept(caller === '' ? 'names no caller' : 'names no upstream')
    const duration = Number(firstOf(line, durations)) * unit
    const durationNs = duration >= 0 && duration <= MAX_DURATION_NS ? Math.round(duration) : 0
    const operation = action.operation === undefined ? '' : firstOf(line, [action.operation]).slice(0, MAX_NAME_CHARS)
    call({ caller, upstream, durationNs, error: Number(firstOf(line, statuses)) >= FIRST_ERROR, operation })
    return kept(`a call from ${caller} to ${upstream}`)
  }
}

const MAX_TITLE_CHARS = 300

export function changeTeller({ kind, title, version }: EventAction): Act {
  return (line, { change }) => {
    const text = title.replaceAll(/\{([^{}]{1,256})\}/g, (_, name: string) => firstOf(line, [name])).trim()
    const told = {
      kind,
      title: (text === '' ? kind : text).slice(0, MAX_TITLE_CHARS),
      version: version === undefined ? '' : firstOf(line, [version]).slice(0, MAX_NAME_CHARS),
    }
    change(told)
    return kept(`a change: ${told.title}`)
  }
}
