/**
 * Attribute → meaning, for OpenTelemetry semantic conventions 1.38 and the older names still sent.
 * The one place that knows attribute names; a slot is what the rest of Skein reads.
 */
export const SEMANTIC_CONVENTIONS_VERSION = '1.38.0'

export const SemanticSlot = {
  peerService: 0,
  dbSystem: 1,
  dbNamespace: 2,
  serverAddress: 3,
  httpHost: 4,
  urlFull: 5,
  messagingSystem: 6,
  messagingDestination: 7,
  messagingTemplate: 8,
  messagingTemporary: 9,
  messagingAnonymous: 10,
  messagingOperation: 11,
  rpcSystem: 12,
  grpcStatus: 13,
  httpStatus: 14,
  httpMethod: 15,
  peerAddress: 16,
  sessionId: 17,
  userId: 18,
} as const
export type SemanticSlot = (typeof SemanticSlot)[keyof typeof SemanticSlot]
export const SLOT_COUNT = 19

/** Newer name first: when a span has both, the newer one is taken. */
export const ATTRIBUTE_SLOTS: readonly (readonly [attribute: string, slot: SemanticSlot])[] = [
  ['service.peer.name', SemanticSlot.peerService],
  ['peer.service', SemanticSlot.peerService],
  ['db.system.name', SemanticSlot.dbSystem],
  ['db.system', SemanticSlot.dbSystem],
  ['db.namespace', SemanticSlot.dbNamespace],
  ['db.name', SemanticSlot.dbNamespace],
  ['db.instance', SemanticSlot.dbNamespace],
  ['server.address', SemanticSlot.serverAddress],
  ['net.peer.name', SemanticSlot.serverAddress],
  ['net.sock.peer.name', SemanticSlot.serverAddress],
  ['http.host', SemanticSlot.httpHost],
  ['url.full', SemanticSlot.urlFull],
  ['http.url', SemanticSlot.urlFull],
  ['messaging.system', SemanticSlot.messagingSystem],
  ['messaging.destination.name', SemanticSlot.messagingDestination],
  ['messaging.destination', SemanticSlot.messagingDestination],
  ['messaging.destination.template', SemanticSlot.messagingTemplate],
  ['messaging.destination.temporary', SemanticSlot.messagingTemporary],
  ['messaging.temp_destination', SemanticSlot.messagingTemporary],
  ['messaging.destination.anonymous', SemanticSlot.messagingAnonymous],
  ['messaging.operation.type', SemanticSlot.messagingOperation],
  ['messaging.operation', SemanticSlot.messagingOperation],
  ['rpc.system.name', SemanticSlot.rpcSystem],
  ['rpc.system', SemanticSlot.rpcSystem],
  ['rpc.grpc.status_code', SemanticSlot.grpcStatus],
  ['rpc.response.status_code', SemanticSlot.grpcStatus],
  ['http.response.status_code', SemanticSlot.httpStatus],
  ['http.status_code', SemanticSlot.httpStatus],
  ['http.request.method', SemanticSlot.httpMethod],
  ['http.method', SemanticSlot.httpMethod],
  ['network.peer.address', SemanticSlot.peerAddress],
  ['net.sock.peer.addr', SemanticSlot.peerAddress],
  ['net.peer.ip', SemanticSlot.peerAddress],
  ['session.id', SemanticSlot.sessionId],
  ['user.id', SemanticSlot.userId],
  ['enduser.id', SemanticSlot.userId],
  ['enduser.pseudo.id', SemanticSlot.userId],
]

/** `db.system` values that are caches rather than databases. */
export const CACHE_SYSTEMS: ReadonlySet<string> = new Set(['redis', 'valkey', 'keydb', 'dragonfly', 'memcached', 'hazelcast'])

/** Instrumentation scopes of software that passes calls on: the last part of the name as it is sent, lower case → what people call it. */
export const PROXY_SCOPES: ReadonlyMap<string, string> = new Map([
  ['nginx', 'nginx'],
  ['otel-webserver-module', 'nginx'],
  ['envoy', 'envoy'],
  ['istio', 'envoy'],
  ['traefik', 'traefik'],
  ['haproxy', 'haproxy'],
  ['kong', 'kong'],
  ['kong-internal', 'kong'],
  ['apisix', 'apisix'],
  ['caddy', 'caddy'],
  ['lvs', 'lvs'],
  ['spring-cloud-gateway', 'spring-cloud-gateway'],
])

/** Where a resource says its environment, cluster and namespace: the first that says something counts. */
export const PLACE_ATTRIBUTES = {
  environment: ['deployment.environment.name', 'deployment.environment'],
  cluster: ['k8s.cluster.name'],
  namespace: ['service.namespace', 'k8s.namespace.name'],
} as const

export const ResourceAttribute = {
  serviceName: 'service.name',
  serviceInstanceId: 'service.instance.id',
  serviceVersion: 'service.version',
  podName: 'k8s.pod.name',
  podIp: 'k8s.pod.ip',
  hostName: 'host.name',
  hostIp: 'host.ip',
} as const

/** What an instance is called by: the first that says something counts. */
export const INSTANCE_ATTRIBUTES = [ResourceAttribute.serviceInstanceId, ResourceAttribute.podName, ResourceAttribute.hostName] as const
