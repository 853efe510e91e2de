import { type Attributes, encodeResource } from './otlp-writer.ts'
import type { Random } from './random.ts'

/** Who calls whom in the web shop that makes the load, and how often. */
export const CALLS: Readonly<Record<string, readonly (readonly [callee: string, weight: number])[]>> = {
  'frontend-proxy': [
    ['frontend', 90],
    ['image-provider', 8],
    ['flagd', 2],
  ],
  frontend: [
    ['cart', 20],
    ['checkout', 12],
    ['currency', 20],
    ['product-catalog', 30],
    ['recommendation', 8],
    ['shipping', 4],
    ['ad', 6],
  ],
  checkout: [
    ['cart', 20],
    ['currency', 20],
    ['email', 10],
    ['payment', 15],
    ['product-catalog', 25],
    ['shipping', 10],
  ],
  shipping: [['quote', 1]],
  recommendation: [
    ['product-catalog', 95],
    ['flagd', 5],
  ],
  ad: [['flagd', 1]],
  cart: [['flagd', 1]],
  payment: [['flagd', 1]],
  'product-catalog': [['flagd', 1]],
  quote: [],
  currency: [],
  email: [],
  'image-provider': [],
  flagd: [],
  accounting: [['currency', 1]],
  'fraud-detection': [['flagd', 1]],
}

/** Calls that happen once in some 40,000 spans each: a map that samples misses them. */
export const RARE_CALLS: readonly (readonly [caller: string, callee: string])[] = [
  ['currency', 'quote'],
  ['email', 'flagd'],
  ['quote', 'currency'],
  ['image-provider', 'flagd'],
  ['flagd', 'email'],
  ['shipping', 'ad'],
]

export const ENTRY = 'frontend-proxy'
export const CONSUMERS = ['accounting', 'fraud-detection'] as const
export const DATABASES = ['postgresql', 'redis'] as const
const RUNTIMES = ['nodejs', 'go', 'java', 'python', 'dotnet', 'cpp', 'ruby', 'php', 'rust'] as const
const INSTANCES = 3

export interface LoadInstance {
  service: string
  /** By how many batches its spans come later than the others'. */
  lag: number
  resource: Uint8Array
}

export function createInstances(random: Random): Map<string, [LoadInstance, ...LoadInstance[]]> {
  const instances = new Map<string, [LoadInstance, ...LoadInstance[]]>()
  Object.keys(CALLS).forEach((service, i) => {
    const create = (k: number): LoadInstance => ({ service, lag: (i * INSTANCES + k) % 4, resource: encodeResource(resourceOf(random, service, i)) })
    instances.set(service, [create(0), create(1), create(2)])
  })
  return instances
}

function resourceOf(random: Random, service: string, i: number): Attributes {
  const pod = `${service}-${random.hex(10)}-${random.hex(5)}`
  const runtime = RUNTIMES[i % RUNTIMES.length] ?? RUNTIMES[0]
  return {
    'service.name': service,
    'service.namespace': 'web-shop',
    'service.version': '2.1.3',
    'service.instance.id': random.uuid(),
    'deployment.environment.name': 'production',
    'host.name': pod,
    'os.type': 'linux',
    'process.pid': 1 + random.below(300),
    'process.runtime.name': runtime,
    'telemetry.sdk.language': runtime,
    'telemetry.sdk.name': 'opentelemetry',
    'telemetry.sdk.version': '1.30.1',
    'k8s.pod.name': pod,
    'k8s.pod.uid': random.uuid(),
    'k8s.namespace.name': 'shop',
    'k8s.node.name': `ip-10-0-${random.below(4)}-${random.below(255)}.internal`,
    'k8s.deployment.name': service,
    'container.id': random.hex(64),
  }
}

const USER_AGENTS = Array.from(
  { length: 20 },
  (_, i) => `Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.${i} (KHTML, like Gecko) Chrome/12${i % 10}.0.0.0 Safari/537.36`,
) as [string, ...string[]]
const ROUTES = [
  '/',
  '/api/products',
  '/api/products/{productId}',
  '/api/cart',
  '/api/checkout',
  '/api/currency',
  '/api/recommendations',
  '/api/data',
  '/cart',
] as const
const METHODS = ['GetCart', 'AddItem', 'EmptyCart', 'PlaceOrder', 'GetQuote', 'ShipOrder', 'ListProducts', 'GetProduct', 'Convert', 'Charge', 'GetAds'] as const

/** Name and attributes of a remote call, as both sides report it: each side calls `attributes` once. */
export interface RemoteCall {
  name: string
  attributes: () => Record<string, string | number | boolean>
}

export function createRemoteCall(random: Random, callee: string, error: boolean): RemoteCall {
  if (random.fraction() < 0.5) {
    const method = random.pick(['GET', 'GET', 'POST'])
    const route = random.pick(ROUTES)
    return { name: `${method} ${route}`, attributes: () => httpAttributes(random, { method, route, callee, error }) }
  }
  const method = random.pick(METHODS)
  return {
    name: `shop.${callee}/${method}`,
    attributes: () => ({
      'rpc.system': 'grpc',
      'rpc.service': `shop.${callee}`,
      'rpc.method': method,
      'rpc.grpc.status_code': error ? 13 : 0,
      'server.address': callee,
      'server.port': 3550,
      'network.peer.address': `10.0.${random.below(4)}.${random.below(255)}`,
    }),
  }
}

function httpAttributes(random: Random, call: { method: string; route: string; callee: string; error: boolean }): Record<string, string | number> {
  return {
    'http.request.method': call.method,
    'url.scheme': 'http',
    'url.path': call.route.replace('{productId}', random.hex(10).toUpperCase()),
    'http.route': call.route,
    'http.response.status_code': call.error ? 500 : 200,
    'server.address': call.callee,
    'server.port': 8080,
    'user_agent.original': random.pick(USER_AGENTS),
    'network.protocol.version': '1.1',
    'client.address': `10.0.${random.below(4)}.${random.below(255)}`,
  }
}

export function databaseAttributes(random: Random, system: string): Record<string, string | number> {
  return {
    'db.system': system,
    'db.name': 'catalog',
    'db.statement': `SELECT p.id, p.name, p.description, p.price FROM catalog.products p WHERE p.category = $1 AND p.id > $2 ORDER BY p.id LIMIT ${10 + random.below(40)}`,
    'db.operation': 'SELECT',
    'server.address': system,
    'server.port': 5432,
  }
}

export function topicAttributes(random: Random, operation: 'publish' | 'process'): Record<string, string | number> {
  return {
    'messaging.system': 'kafka',
    'messaging.destination.name': 'orders',
    'messaging.operation': operation,
    'messaging.kafka.offset': random.below(1_000_000),
    'messaging.client_id': 'sarama',
  }
}
