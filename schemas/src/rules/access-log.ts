import type { Fields } from './pairs.ts'

/** Quoted, in brackets, or up to the next blank; a name with a quoted value (`urt="0.1, 0.2"`) is one. */
const PART = /\s*(?:"((?:[^"\\]|\\.)*)"|\[([^\]]*)\]|([^\s"[=]+="(?:[^"\\]|\\.)*")|(\S+))/y
const MAX_PARTS = 64

function partsOf(text: string): string[] {
  const parts: string[] = []
  PART.lastIndex = 0
  for (const end = text.trimEnd().length; PART.lastIndex < end && parts.length < MAX_PARTS; ) {
    const found = PART.exec(text)
    if (found === null) break
    parts.push(found[1] ?? found[2] ?? found[3] ?? found[4] ?? '')
  }
  return parts
}

/** Fields that are numbers, in the units of the conventions. */
const NUMBERS: ReadonlySet<string> = new Set([
  'http.response.status_code',
  'http.response.body.size',
  'http.request.size',
  'http.server.request.duration',
  'upstream.duration',
  'upstream.status',
])

function add(fields: Fields, name: string, text: string | undefined): void {
  if (text === undefined || text === '-' || text === '') return
  fields.set(name, NUMBERS.has(name) && /^\d{1,15}(?:\.\d{1,9})?$/.test(text) ? Number(text) : text)
}

function addRequest(fields: Fields, request: string): boolean {
  const [, method, target = '', version] = /^(\S+) (\S+)(?: HTTP\/(\S+))?$/.exec(request) ?? []
  if (method === undefined) return false
  const query = target.indexOf('?')
  add(fields, 'http.request.method', method)
  add(fields, 'url.path', query < 0 ? target : target.slice(0, query))
  if (query >= 0) add(fields, 'url.query', target.slice(query + 1))
  if (version !== undefined) fields.set('network.protocol.version', version)
  return true
}

const isStatus = (text: string | undefined): boolean => text !== undefined && /^\d{3}$/.test(text)

/** What people call the variables that they add at the end of a line. */
const TAIL_NAMES: Readonly<Record<string, string>> = {
  rt: 'http.server.request.duration',
  request_time: 'http.server.request.duration',
  urt: 'upstream.duration',
  upstream_response_time: 'upstream.duration',
  ua: 'upstream.address',
  upstream: 'upstream.address',
  upstream_addr: 'upstream.address',
  us: 'upstream.status',
  upstream_status: 'upstream.status',
  proxy_upstream_name: 'upstream.name',
  upstream_name: 'upstream.name',
  host: 'server.address',
  trace_id: 'trace_id',
  traceparent: 'traceparent',
}

/** The combined format of Nginx (and Apache). Behind it: `name=value` pairs in any number, or what ingress-nginx adds. */
export function readNginx(text: string, withForwarded: boolean): Fields | null {
  const parts = partsOf(text)
  const [client, , user, time, request = '', status, size, referer, agent] = parts
  if (!isStatus(status) || time === undefined || size === undefined) return null
  const fields: Fields = new Map([['time', time]])
  add(fields, 'client.address', client)
  add(fields, 'user.name', user)
  // A request that was none of HTTP (a scan, a TLS hello) is logged as what it was.
  if (!addRequest(fields, request)) add(fields, 'http.request.line', request)
  add(fields, 'http.response.status_code', status)
  add(fields, 'http.response.body.size', size)
  add(fields, 'http.request.header.referer', referer)
  add(fields, 'user_agent.original', agent)
  const forwarded = withForwarded && parts[9] !== undefined && !/^\S+=/.test(parts[9])
  const rest = parts.slice(forwarded ? 10 : 9)
  if (forwarded && isIngress(parts.slice(9))) addIngress(fields, parts.slice(9))
  else {
    if (forwarded) add(fields, 'http.request.header.x-forwarded-for', parts[9])
    addTail(fields, rest)
  }
  return fields
}

/** `$request_length $request_time [$proxy_upstream_name] [$alternative] $upstream_addr $upstream_response_length $upstream_response_time $upstream_status $req_id` */
function isIngress(parts: readonly string[]): boolean {
  return parts.length >= 8 && /^\d+$/.test(parts[0] ?? '') && /^\d+\.\d+$/.test(parts[1] ?? '')
}

function addIngress(fields: Fields, [length, duration, upstream, , address, , upstreamDuration, upstreamStatus, request]: readonly string[]): void {
  add(fields, 'http.request.size', length)
  add(fields, 'http.server.request.duration', duration)
  add(fields, 'upstream.name', upstream)
  add(fields, 'upstream.address', lastOf(address))
  add(fields, 'upstream.duration', lastOf(upstreamDuration))
  add(fields, 'upstream.status', lastOf(upstreamStatus))
  add(fields, 'http.request.id', request)
}

function addTail(fields: Fields, rest: readonly string[]): void {
  for (const part of pairsOf(rest)) {
    const at = part.indexOf('=')
    if (at <= 0) continue
    const name = part.slice(0, at)
    const known = Object.hasOwn(TAIL_NAMES, name) ? (TAIL_NAMES[name] ?? name) : name
    const value = part.slice(at + 1).replaceAll(/^"|"$/g, '')
    add(fields, known, known.startsWith('upstream.') ? lastOf(value) : value)
  }
}

/** The values of several tries have blanks between them, also where nobody put them in quotes. */
function pairsOf(rest: readonly string[]): string[] {
  const pairs: string[] = []
  for (const part of rest) {
    const before = pairs.at(-1)
    if (before !== undefined && (part === ':' || before.endsWith(',') || before.endsWith(' :'))) pairs[pairs.length - 1] = `${before} ${part}`
    else pairs.push(part)
  }
  return pairs
}

/** Nginx tells of every try, `a, b : c`: the last is the one that answered. */
function lastOf(text: string | undefined): string | undefined {
  return text?.split(/, | : /).at(-1)
}

/** Envoy's own format, and that of Istio, which has two words more and the cluster at the end. */
export function readEnvoy(text: string): Fields | null {
  const parts = partsOf(text)
  const [time, request = '', status] = parts
  if (!text.startsWith('[') || time === undefined || !/^\d{1,3}$/.test(status ?? '')) return null
  const fields: Fields = new Map([['time', time]])
  addRequest(fields, request)
  add(fields, 'http.response.status_code', status)
  add(fields, 'envoy.response_flags', parts[3])
  const istio = !/^\d+$/.test(parts[4] ?? '')
  if (istio) add(fields, 'envoy.response_code_details', parts[4])
  const [received, sent, duration, serviceTime, forwarded, agent, requestId, authority, host, cluster] = parts.slice(istio ? 7 : 4)
  if (!/^\d+$/.test(duration ?? '')) return null
  add(fields, 'http.request.size', received)
  add(fields, 'http.response.body.size', sent)
  addSeconds(fields, 'http.server.request.duration', duration)
  addSeconds(fields, 'upstream.duration', serviceTime)
  add(fields, 'http.request.header.x-forwarded-for', forwarded)
  add(fields, 'user_agent.original', agent)
  add(fields, 'http.request.id', requestId)
  add(fields, 'server.address', authority)
  add(fields, 'upstream.address', host)
  if (istio) add(fields, 'upstream.name', cluster)
  return fields
}

/** Envoy counts in ms; the conventions in s. */
function addSeconds(fields: Fields, name: string, text: string | undefined): void {
  if (text !== undefined && /^\d{1,12}$/.test(text)) fields.set(name, Number(text) / 1000)
}
