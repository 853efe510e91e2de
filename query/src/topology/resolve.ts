import type { NodeKey } from '@skein/schemas/topology'
import type { ServiceKey } from '@skein/store/contract-terms'

export interface KnownAddress {
  address: string
  service: ServiceKey
}

/**
 * Names peers by what the window knows: an `external` peer whose name, or the address it is, belongs to exactly one service of the
 * environment is that service. Two candidates are none: an edge is never a guess. An address nobody owns folds into its network.
 */
export function createPeerNames(services: readonly ServiceKey[], addresses: readonly KnownAddress[]): (node: NodeKey) => NodeKey {
  const byName = uniqueServices(services.map((service) => [service.service, service]))
  const byAddress = uniqueServices(addresses.map(({ address, service }) => [address, service]))
  const networks = new Map<string, NodeKey>()
  return (node) => {
    if (node.kind !== 'external') return node
    const key = keyOf(node.environment, node.name)
    const service = byName.get(key) ?? byAddress.get(key)
    if (service !== undefined && service !== null) return service
    const network = networkOf(node.name)
    if (network === null) return node
    const groupKey = keyOf(node.environment, network)
    const group = networks.get(groupKey) ?? { environment: node.environment, cluster: '', namespace: '', kind: 'external', name: network }
    networks.set(groupKey, group)
    return group
  }
}

function keyOf(environment: string, name: string): string {
  return `${environment}\u0000${name}`
}

/** Name within an environment → the one service, or null when several bear it. */
function uniqueServices(named: readonly (readonly [name: string, service: ServiceKey])[]): Map<string, NodeKey | null> {
  const unique = new Map<string, NodeKey | null>()
  for (const [name, service] of named) {
    const key = keyOf(service.environment, name)
    const node = serviceNode(service)
    const known = unique.get(key)
    if (known === undefined) unique.set(key, node)
    else if (known !== null && !sameNode(known, node)) unique.set(key, null)
  }
  return unique
}

function sameNode(a: NodeKey, b: NodeKey): boolean {
  return a.environment === b.environment && a.cluster === b.cluster && a.namespace === b.namespace && a.kind === b.kind && a.name === b.name
}

export function serviceNode(service: ServiceKey): NodeKey {
  return { environment: service.environment, cluster: service.cluster, namespace: service.namespace, kind: 'service', name: service.service }
}

/** `ip:10.1.2.0/24` of a bare IPv4 address, `ip:2001:db8:1:2::/64` of a bare IPv6 one, null of anything else. */
export function networkOf(name: string): string | null {
  const v4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(name)
  if (v4 !== null) return v4.slice(1).every((part) => Number(part) <= 255) ? `ip:${v4[1]}.${v4[2]}.${v4[3]}.0/24` : null
  if (!/^[0-9a-f:]*:[0-9a-f:]*$/.test(name) || name.split(':').length < 3) return null
  const [head = '', tail] = name.split('::')
  const left = head === '' ? [] : head.split(':')
  const right = tail === undefined || tail === '' ? [] : tail.split(':')
  const missing = tail === undefined ? 0 : 8 - left.length - right.length
  const groups = [...left, ...Array.from({ length: Math.max(0, missing) }, () => '0'), ...right]
  if (groups.length !== 8) return null
  const prefix = groups.slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16))
  return `ip:${prefix.join(':')}::/64`
}
