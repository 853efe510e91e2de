/** What is to blame for a fault: the truth that tests compare with what Skein shows. Names as on the map. */
export interface Blame {
  node: string
  edge: { source: string; target: string } | null
  instance: string | null
  version: string | null
}

export interface Fault {
  id: FaultId
  /** Switches it in a terminal. */
  key: string
  title: string
  blame: Blame
  /** Where it shows first. */
  shows: 'network' | 'client' | 'errors' | 'added' | 'queueWait'
}

export type FaultId = 'connections' | 'database' | 'partner' | 'instance' | 'release' | 'queue'

/** Time that is lost for each connection from playback to drm. */
export const CONNECT_MS = 700
/** What the catalogue's database needs more for every answer. */
export const QUERY_MS = 400
export const SLOW_DATABASE = 'catalogue'
/** What the bad instance needs more; it fails every second call besides. */
export const BAD_INSTANCE_MS = 250
/** What order-worker needs more for an order. */
export const ORDER_MS = 3000
export const RELEASE = { service: 'recommendation', before: '4.12.2', after: '4.13.0' } as const

const nobody: Omit<Blame, 'node'> = { edge: null, instance: null, version: null }

export const FAULTS: readonly Fault[] = [
  {
    id: 'connections',
    key: '1',
    title: `playback opens a connection for each call to drm, ${CONNECT_MS} ms each`,
    blame: { ...nobody, node: 'playback', edge: { source: 'playback', target: 'drm' } },
    shows: 'network',
  },
  {
    id: 'database',
    key: '2',
    title: `the catalogue's database answers ${QUERY_MS} ms later`,
    blame: { ...nobody, node: 'postgresql/catalogue', edge: { source: 'epg', target: 'postgresql/catalogue' } },
    shows: 'client',
  },
  {
    id: 'partner',
    key: '3',
    title: 'the payment partner fails every second call',
    blame: { ...nobody, node: 'pay.partner.example', edge: { source: 'payment', target: 'pay.partner.example' } },
    shows: 'errors',
  },
  {
    id: 'instance',
    key: '4',
    title: 'the second instance of epg is slow and fails every second call',
    blame: { ...nobody, node: 'epg', edge: { source: 'gateway', target: 'epg' }, instance: 'epg-2' },
    shows: 'errors',
  },
  {
    id: 'release',
    key: '5',
    title: `recommendation ${RELEASE.after} asks account at every call`,
    blame: { ...nobody, node: RELEASE.service, edge: { source: RELEASE.service, target: 'account' }, version: RELEASE.after },
    shows: 'added',
  },
  {
    id: 'queue',
    key: '6',
    title: `order-worker takes ${ORDER_MS} ms for an order, so that the queue backs up`,
    blame: { ...nobody, node: 'order-worker', edge: { source: 'demoq/orders', target: 'order-worker' } },
    shows: 'queueWait',
  },
]
