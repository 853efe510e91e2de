import type { EdgeKind, Evidence, NodeKey, NodeKind } from '@skein/schemas/topology'
import type { ServiceKey } from '@skein/store/contract-terms'

/** A made-up TV operator in production: who there is. `operations` by weight. */
export interface FakeService extends ServiceKey {
  instances: number
  version: string
  operations: readonly (readonly [operation: string, kind: number, weight: number])[]
}

const SERVER = 2
const CONSUMER = 5

function production(namespace: string, service: string, instances: number, operations: FakeService['operations']): FakeService {
  return { environment: 'production', cluster: namespace === 'media' ? 'south-1' : 'north-1', namespace, service, instances, version: '4.12.3', operations }
}

export const SERVICES: readonly FakeService[] = [
  production('edge', 'api-gateway', 6, [
    ['GET /home', SERVER, 5],
    ['GET /epg', SERVER, 4],
    ['POST /play', SERVER, 3],
    ['GET /search', SERVER, 1],
    ['POST /orders', SERVER, 0.2],
  ]),
  production('core', 'auth', 4, [['Auth/Verify', SERVER, 1]]),
  production('core', 'account', 3, [
    ['GET /accounts/{id}', SERVER, 4],
    ['POST /login', SERVER, 1],
  ]),
  production('core', 'profile', 3, [['GET /profiles/{id}', SERVER, 1]]),
  production('core', 'epg', 4, [
    ['GET /epg', SERVER, 3],
    ['GET /epg/now', SERVER, 2],
  ]),
  production('core', 'catalog', 4, [
    ['Catalog/GetTitle', SERVER, 4],
    ['Catalog/ListRail', SERVER, 2],
  ]),
  production('core', 'search', 2, [['GET /search', SERVER, 1]]),
  production('core', 'recommend', 3, [['Recommend/Rails', SERVER, 1]]),
  production('media', 'playback', 5, [
    ['POST /play', SERVER, 3],
    ['POST /heartbeat', SERVER, 6],
  ]),
  production('media', 'entitlement', 3, [['Entitlement/Check', SERVER, 1]]),
  production('media', 'drm-license', 3, [['License/Issue', SERVER, 1]]),
  production('media', 'manifest', 4, [['GET /manifest/{channel}.mpd', SERVER, 1]]),
  production('media', 'ad-decision', 2, [['POST /decide', SERVER, 1]]),
  production('media', 'recorder', 2, [['nightly plan', 1, 1]]),
  production('billing', 'billing', 2, [['POST /orders', SERVER, 1]]),
  production('billing', 'payment', 2, [['Payment/Charge', SERVER, 1]]),
  production('billing', 'notification', 2, [['process billing.events', CONSUMER, 1]]),
  production('data', 'session-tracker', 3, [['process playback.events', CONSUMER, 1]]),
  production('data', 'stats-aggregator', 2, [['aggregate batch', CONSUMER, 1]]),
  production('core', '节目推荐', 2, [['GET /推荐', SERVER, 1]]),
  { ...production('core', 'unknown_service:java', 1, [['GET /probe', SERVER, 1]]), version: '' },
  { ...production('edge', 'api-gateway', 1, [['GET /epg', SERVER, 1]]), environment: 'staging', cluster: 'lab', version: '4.13.0-rc1' },
  { ...production('core', 'epg', 1, [['GET /epg', SERVER, 1]]), environment: 'staging', cluster: 'lab', version: '4.13.0-rc1' },
]

export interface FakeEdge {
  source: NodeKey
  target: NodeKey
  kind: EdgeKind
  /** In the busiest minute. */
  callsAMinute: number
  errorRatio: number
  p50Ms: number
  /** Shares of the evidences, adding up to 1. */
  evidence: Partial<Record<Evidence, number>>
}

function service(name: string, environment = 'production'): NodeKey {
  const found = SERVICES.find((each) => each.service === name && each.environment === environment)
  if (found === undefined) throw new Error(`no fake service ${name}`)
  return { environment, cluster: found.cluster, namespace: found.namespace, kind: 'service', name }
}

function peer(kind: NodeKind, name: string, environment = 'production'): NodeKey {
  return { environment, cluster: '', namespace: '', kind, name }
}

type EdgeNumbers = readonly [callsAMinute: number, errorRatio: number, p50Ms: number]

function http(source: string, target: string, [callsAMinute, errorRatio, p50Ms]: EdgeNumbers, kind: EdgeKind = 'http'): FakeEdge {
  return { source: service(source), target: service(target), kind, callsAMinute, errorRatio, p50Ms, evidence: { paired: 0.98, clientOnly: 0.02 } }
}

function toPeer(source: string, target: NodeKey, kind: EdgeKind, [callsAMinute, errorRatio, p50Ms]: EdgeNumbers): FakeEdge {
  return { source: service(source), target, kind, callsAMinute, errorRatio, p50Ms, evidence: { [kind === 'publish' ? 'topic' : 'clientOnly']: 1 } }
}

function consume(topic: string, target: string, [callsAMinute, errorRatio, p50Ms]: EdgeNumbers): FakeEdge {
  return { source: peer('queue', topic), target: service(target), kind: 'consume', callsAMinute, errorRatio, p50Ms, evidence: { topic: 1 } }
}

/** Every kind of edge, of evidence and of health. `drm-license` is in trouble, and payments are not well. */
export const EDGES: readonly FakeEdge[] = [
  {
    source: peer('client', 'user/api-gateway'),
    target: service('api-gateway'),
    kind: 'http',
    callsAMinute: 9200,
    errorRatio: 0.004,
    p50Ms: 84,
    evidence: { serverOnly: 1 },
  },
  http('api-gateway', 'auth', [9100, 0.0005, 3], 'rpc'),
  http('api-gateway', 'account', [1400, 0.001, 12]),
  http('api-gateway', 'profile', [3500, 0.0008, 8]),
  http('api-gateway', 'epg', [2800, 0.002, 22]),
  http('api-gateway', 'search', [700, 0.003, 65]),
  http('api-gateway', 'recommend', [3400, 0.001, 38], 'rpc'),
  http('api-gateway', 'playback', [6300, 0.006, 47]),
  http('api-gateway', 'billing', [140, 0.008, 120]),
  http('api-gateway', '节目推荐', [420, 0.001, 18]),
  http('epg', 'catalog', [2500, 0.001, 9], 'rpc'),
  http('search', 'catalog', [690, 0.001, 11], 'rpc'),
  http('recommend', 'catalog', [6800, 0.001, 8], 'rpc'),
  http('recorder', 'catalog', [120, 0.0005, 10], 'rpc'),
  http('playback', 'entitlement', [2050, 0.001, 6], 'rpc'),
  http('playback', 'drm-license', [2040, 0.072, 31], 'rpc'),
  http('playback', 'manifest', [2030, 0.002, 14]),
  http('playback', 'ad-decision', [1900, 0.004, 42]),
  http('billing', 'payment', [130, 0.021, 240], 'rpc'),
  http('session-tracker', 'account', [300, 0.001, 12]),
  { ...http('manifest', 'epg', [600, 0.001, 7], 'call'), evidence: { parentChild: 1 } },
  { ...http('session-tracker', 'stats-aggregator', [60, 0, 25], 'link'), evidence: { link: 1 } },
  { ...http('api-gateway', 'manifest', [4100, 0.001, 5]), evidence: { log: 1 } },
  toPeer('account', peer('database', 'postgresql/accounts'), 'db', [3100, 0.0004, 3]),
  toPeer('catalog', peer('database', 'postgresql/catalog'), 'db', [5200, 0.0003, 4]),
  toPeer('entitlement', peer('database', 'postgresql/entitlements'), 'db', [2000, 0.0005, 3]),
  toPeer('billing', peer('database', 'mysql/orders'), 'db', [410, 0.001, 6]),
  toPeer('search', peer('database', 'opensearch/titles'), 'db', [690, 0.002, 48]),
  toPeer('epg', peer('cache', 'redis/epg'), 'cache', [5400, 0.0001, 0.6]),
  toPeer('profile', peer('cache', 'redis/profiles'), 'cache', [3400, 0.0001, 0.5]),
  toPeer('manifest', peer('cache', 'redis/manifests'), 'cache', [6000, 0.0001, 0.5]),
  toPeer('ad-decision', peer('external', 'ads.partner.example'), 'http', [1880, 0.013, 36]),
  toPeer('payment', peer('external', 'api.bank.example'), 'http', [128, 0.018, 190]),
  toPeer('drm-license', peer('external', 'keys.drm.example'), 'http', [2030, 0.068, 27]),
  toPeer('notification', peer('external', '203.0.113.7'), 'http', [22, 0, 88]),
  toPeer('recommend', peer('external', '节目推荐'), 'http', [85, 0.002, 20]),
  toPeer('playback', peer('queue', 'kafka/playback.events'), 'publish', [6200, 0.0001, 1.4]),
  toPeer('billing', peer('queue', 'kafka/billing.events'), 'publish', [130, 0, 1.6]),
  consume('kafka/playback.events', 'session-tracker', [6200, 0.0004, 5]),
  consume('kafka/billing.events', 'notification', [130, 0.001, 30]),
  {
    source: service('api-gateway', 'staging'),
    target: service('epg', 'staging'),
    kind: 'http',
    callsAMinute: 0.1,
    errorRatio: 0,
    p50Ms: 25,
    evidence: { paired: 1 },
  },
]
