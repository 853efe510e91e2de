import { CACHE_SYSTEMS, PROXY_SCOPES } from '@skein/schemas/semantic-conventions'
import type { NodeKey } from '@skein/schemas/topology'

/**
 * What a peer is called when only its caller speaks of it. Pure text in, text out; '' = it has no name.
 * A peer has the environment of the span that names it; cluster and namespace stay empty, so two clusters meet in one topic.
 */

/** Where a peer's name was found, in the order in which the rules look. */
export const NameSource = { peerService: 0, namespace: 1, address: 2, system: 3, destination: 4, temporary: 5 } as const
export type NameSource = (typeof NameSource)[keyof typeof NameSource]

export function isCacheSystem(system: string): boolean {
  return CACHE_SYSTEMS.has(system.toLowerCase())
}

/** The proxy software that an instrumentation scope belongs to, '' = none: `nginx`, `io.opentelemetry.nginx`, `github.com/traefik/traefik`. */
export function proxyOf(scope: string): string {
  const name = scope.toLowerCase()
  return PROXY_SCOPES.get(name) ?? PROXY_SCOPES.get(name.slice(Math.max(name.lastIndexOf('.'), name.lastIndexOf('/')) + 1)) ?? ''
}

/** A database or cache: peer.service, `<system>/<db.namespace>`, address (a bare IP says less than the system), system. */
export function databaseName(source: NameSource, system: string, value: string): string {
  if (source === NameSource.peerService) return value
  if (source === NameSource.namespace) return `${system}/${value}`
  if (source === NameSource.address) {
    const host = hostName(value)
    return host === '' || isBareIp(host) ? system : host
  }
  return system
}

/** A topic or queue: `<system>/<destination>`; temporary and anonymous ones are one. */
export function queueName(source: NameSource, system: string, value: string): string {
  if (source === NameSource.temporary) return join(system, '(temporary)')
  if (source === NameSource.destination) return join(system, value)
  if (source === NameSource.system) return system
  return externalName(source, value)
}

/** Anything else: peer.service as sent, else the host. A bare IP stays one: whose it is, or which network's, is decided at read time. */
export function externalName(source: NameSource, value: string): string {
  return source === NameSource.peerService ? value : hostName(value)
}

/** The node before a service whose callers send no spans: shown as `user`, one for each entry service. */
export function clientNode(service: NodeKey): NodeKey {
  return { environment: service.environment, cluster: '', namespace: '', kind: 'client', name: `user/${service.name}` }
}

/** Lower case, without port, brackets, zone or the last dot; an IPv4 address written as IPv6 is the IPv4 one. */
export function hostName(address: string): string {
  const host = address.trim().toLowerCase()
  if (host.startsWith('[')) return ipv6Name(host.slice(1).split(']', 1)[0] ?? '')
  const colon = host.indexOf(':')
  if (colon >= 0 && host.includes(':', colon + 1)) return ipv6Name(host)
  const plain = colon >= 0 ? host.slice(0, colon) : host
  return plain.endsWith('.') ? plain.slice(0, -1) : plain
}

/** Where the host of a URL lies in it, port included; empty when there is none. */
export function urlHostRange(bytes: Uint8Array, start: number, end: number): { start: number; end: number } {
  let from = -1
  for (let i = start; i + 2 < end && from < 0; i++) if (bytes[i] === COLON && bytes[i + 1] === SLASH && bytes[i + 2] === SLASH) from = i + 3
  if (from < 0) return { start: end, end }
  let to = from
  for (; to < end; to++) {
    const byte = bytes[to]
    if (byte === SLASH || byte === QUESTION || byte === HASH) break
    if (byte === AT) from = to + 1
  }
  return { start: from, end: to }
}

export function isBareIp(host: string): boolean {
  return IPV4.test(host) || host.includes(':')
}

function ipv6Name(host: string): string {
  const address = host.split('%', 1)[0] ?? ''
  const v4 = address.startsWith('::ffff:') ? address.slice('::ffff:'.length) : ''
  return IPV4.test(v4) ? v4 : address
}

const IPV4 = /^\d{1,3}(?:\.\d{1,3}){3}$/
const COLON = 0x3a
const SLASH = 0x2f
const QUESTION = 0x3f
const HASH = 0x23
const AT = 0x40

function join(system: string, destination: string): string {
  return system === '' ? destination : `${system}/${destination}`
}
