import type { StoredValue } from '@skein/store/contract-terms'

/** One piece of work in a made-up trace: its own time, and what it waits for. */
export interface Work {
  service: string
  name: string
  kind: 'internal' | 'server' | 'client' | 'producer' | 'consumer'
  selfMs: number
  attributes?: Readonly<Record<string, StoredValue>>
  children?: readonly Work[]
  /** Children start together instead of one after the other. */
  parallel?: boolean
  /** Fails in this share of the traces. */
  failure?: { ratio: number; message: string }
  /** For a client or producer: who it calls, as named on the map. */
  calls?: string
  /** For a consumer: the topic it reads, as named on the map. */
  consumes?: string
}

function call(from: string, to: string, name: string, inside: Partial<Work> = {}): Work {
  const rpc = !/^(GET|POST) /.test(name)
  const attributes = rpc
    ? { 'rpc.system': 'grpc', 'rpc.service': name.split('/')[0] ?? '', 'rpc.method': name.split('/')[1] ?? '', 'server.address': to }
    : {
        'http.request.method': name.split(' ')[0] ?? '',
        'url.full': `http://${to}.internal${name.split(' ')[1] ?? ''}?lang=zh-CN`,
        'server.address': `${to}.internal`,
        'http.response.status_code': 200,
      }
  const { failure, ...server } = inside
  const failing = failure === undefined ? {} : { failure }
  return {
    service: from,
    name,
    kind: 'client',
    selfMs: 1.2,
    attributes,
    calls: to,
    ...failing,
    children: [
      {
        service: to,
        name,
        kind: 'server',
        selfMs: 4,
        attributes: { ...(rpc ? { 'rpc.system': 'grpc' } : { 'http.route': name.split(' ')[1] ?? '' }) },
        ...failing,
        ...server,
      },
    ],
  }
}

function query(service: string, database: string, statement: string, selfMs: number): Work {
  const [system = '', namespace = ''] = database.split('/')
  return {
    service,
    name: statement.split(' ').slice(0, 2).join(' '),
    kind: 'client',
    selfMs,
    calls: database,
    attributes: { 'db.system.name': system, 'db.namespace': namespace, 'db.query.text': statement },
  }
}

function cacheGet(service: string, cache: string, key: string): Work {
  return {
    service,
    name: 'GET',
    kind: 'client',
    selfMs: 0.6,
    calls: cache,
    attributes: { 'db.system.name': 'redis', 'db.namespace': cache.split('/')[1] ?? '', 'db.query.text': `GET ${key}` },
  }
}

function publish(service: string, topic: string, consumer: Work): Work {
  const attributes = { 'messaging.system': 'kafka', 'messaging.destination.name': topic }
  return {
    service,
    name: `send ${topic}`,
    kind: 'producer',
    selfMs: 1.4,
    calls: `kafka/${topic}`,
    attributes: { ...attributes, 'messaging.operation.type': 'send' },
    children: [
      {
        ...consumer,
        consumes: `kafka/${topic}`,
        attributes: { ...attributes, 'messaging.operation.type': 'process', 'messaging.consumer.group.name': consumer.service },
      },
    ],
  }
}

function entry(name: string, children: readonly Work[], parallel = false): Work {
  const [method = '', route = ''] = name.split(' ')
  return {
    service: 'api-gateway',
    name,
    kind: 'server',
    selfMs: 6,
    parallel,
    attributes: {
      'http.request.method': method,
      'http.route': route,
      'user_agent.original': 'STB/7.2 (Linux; HbbTV 2.0.3; model=HX-920; firmware=7.2.18)',
      'client.address': '198.51.100.24',
      'session.id': '7f1c8a90-demo',
      'viewer.note': '<img src=x onerror=alert(1)>',
    },
    children: [call('api-gateway', 'auth', 'Auth/Verify', { selfMs: 2 }), ...children],
  }
}

function title(from: string): Work {
  return call(from, 'catalog', 'Catalog/GetTitle', { children: [query('catalog', 'postgresql/catalog', 'SELECT title FROM titles WHERE id = $1', 4)] })
}

const EPG = entry('GET /epg', [
  call('api-gateway', 'epg', 'GET /epg', {
    selfMs: 9,
    children: [cacheGet('epg', 'redis/epg', 'epg:cctv-1:2026'), title('epg'), cacheGet('epg', 'redis/epg', 'epg:now')],
  }),
])

const PLAY = entry('POST /play', [
  call('api-gateway', 'playback', 'POST /play', {
    selfMs: 8,
    children: [
      call('playback', 'entitlement', 'Entitlement/Check', {
        children: [query('entitlement', 'postgresql/entitlements', 'SELECT allowed FROM packages WHERE account = $1', 3)],
      }),
      call('playback', 'drm-license', 'License/Issue', {
        selfMs: 3,
        failure: { ratio: 0.12, message: 'deadline exceeded while waiting for keys.drm.example' },
        children: [
          {
            service: 'drm-license',
            name: 'POST',
            kind: 'client',
            selfMs: 27,
            calls: 'keys.drm.example',
            attributes: { 'url.full': 'https://keys.drm.example/v2/license', 'server.address': 'keys.drm.example' },
          },
        ],
      }),
      call('playback', 'manifest', 'GET /manifest/{channel}.mpd', { children: [cacheGet('manifest', 'redis/manifests', 'mpd:cctv-1')] }),
      publish('playback', 'playback.events', {
        service: 'session-tracker',
        name: 'process playback.events',
        kind: 'consumer',
        selfMs: 5,
        children: [
          call('session-tracker', 'account', 'GET /accounts/{id}', {
            children: [query('account', 'postgresql/accounts', 'SELECT plan FROM accounts WHERE id = $1', 3)],
          }),
        ],
      }),
    ],
  }),
])

const SEARCH = entry('GET /search', [
  call('api-gateway', 'search', 'GET /search', { selfMs: 6, children: [query('search', 'opensearch/titles', 'search titles', 48), title('search')] }),
])

const ORDER = entry('POST /orders', [
  call('api-gateway', 'billing', 'POST /orders', {
    selfMs: 14,
    children: [
      query('billing', 'mysql/orders', 'INSERT INTO orders VALUES (?, ?)', 6),
      call('billing', 'payment', 'Payment/Charge', {
        selfMs: 8,
        failure: { ratio: 0.06, message: 'card declined' },
        children: [
          {
            service: 'payment',
            name: 'POST',
            kind: 'client',
            selfMs: 190,
            calls: 'api.bank.example',
            attributes: { 'url.full': 'https://api.bank.example/charges', 'server.address': 'api.bank.example' },
          },
        ],
      }),
      publish('billing', 'billing.events', { service: 'notification', name: 'process billing.events', kind: 'consumer', selfMs: 30 }),
    ],
  }),
])

function rails(count: number): Work[] {
  return Array.from({ length: count }, () => title('recommend'))
}

/** 60 spans: a home screen with sixteen rails asked for at once. */
const HOME = entry(
  'GET /home',
  [
    call('api-gateway', 'profile', 'GET /profiles/{id}', {
      children: [cacheGet('profile', 'redis/profiles', 'profile:42'), cacheGet('profile', 'redis/profiles', 'kids:42')],
    }),
    call('api-gateway', 'recommend', 'Recommend/Rails', { selfMs: 11, parallel: true, children: rails(17) }),
  ],
  true,
)

/** 5,000 spans: a nightly job that asks for one title after the other, 1,666 times. */
const NIGHTLY: Work = {
  service: 'recorder',
  name: 'nightly plan',
  kind: 'internal',
  selfMs: 40,
  children: [...Array.from({ length: 1666 }, () => title('recorder')), { service: 'recorder', name: 'write plan', kind: 'internal', selfMs: 12 }],
}

/** Shape of the `index`-th trace of a minute, counted from 1970. */
export function shapeOf(minute: number, index: number): Work {
  if (index === 0 && minute % 30 === 0) return NIGHTLY
  const shapes = [HOME, EPG, PLAY, EPG, SEARCH, PLAY, HOME, PLAY, ORDER]
  return shapes[(minute * 4 + index) % shapes.length] ?? EPG
}
