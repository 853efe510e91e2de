import type { Application } from './nearest-package.ts'

export interface RegisterSurroundings {
  env: Readonly<Record<string, string | undefined>>
  application: Application
  /** Namespace of the Kubernetes service account; null outside of Kubernetes. */
  namespace: string | null
}

/** Asked of the cloud's metadata address by default, the SDK would wait for an answer wherever there is none. */
const DETECTORS = 'env,host,os,process,serviceinstance,container'
/** Spans of every file, name look-up and socket would drown what a service does. */
const DISABLED = 'fs,dns,net'

/** Environment variables the SDK shall find: none that is set already, but for resource attributes, which are added to those that are. */
export function registerDefaults({ env, application, namespace }: RegisterSurroundings): Record<string, string> {
  const said = namesIn(env['OTEL_RESOURCE_ATTRIBUTES'])
  const unset: Record<string, string | null | undefined> = {
    OTEL_SERVICE_NAME: said.has('service.name') ? null : application.name,
    OTEL_NODE_RESOURCE_DETECTORS: DETECTORS,
    OTEL_NODE_DISABLED_INSTRUMENTATIONS: env['OTEL_NODE_ENABLED_INSTRUMENTATIONS'] === undefined ? DISABLED : null,
    OTEL_EXPORTER_OTLP_HEADERS: env['SKEIN_KEY'] === undefined ? null : `x-skein-key=${encodeURIComponent(env['SKEIN_KEY'])}`,
  }
  const found = Object.entries(foundAttributes({ env, application, namespace })).filter(
    ([name, value]) => !said.has(name) && value !== null && value !== undefined && value !== '',
  )
  const attributes = [
    ...(env['OTEL_RESOURCE_ATTRIBUTES'] ?? '').split(',').filter((pair) => pair !== ''),
    ...found.map(([name, value]) => `${name}=${encodeURIComponent(value ?? '')}`),
  ]
  return {
    ...Object.fromEntries(
      Object.entries(unset).flatMap(([name, value]) => (typeof value === 'string' && env[name] === undefined ? [[name, value] as const] : [])),
    ),
    ...(attributes.length === 0 ? {} : { OTEL_RESOURCE_ATTRIBUTES: attributes.join(',') }),
  }
}

/** Sets variables until what it returns is called, which leaves each as it was. */
export function setForNow(env: Record<string, string | undefined>, variables: Readonly<Record<string, string>>): () => void {
  const before = Object.keys(variables).map((name) => [name, env[name]] as const)
  Object.assign(env, variables)
  return () => {
    for (const [name, value] of before) {
      if (value === undefined) delete env[name]
      else env[name] = value
    }
  }
}

function foundAttributes({ env, application, namespace }: RegisterSurroundings): Record<string, string | null | undefined> {
  if (env['KUBERNETES_SERVICE_HOST'] === undefined) return { 'service.version': application.version }
  return {
    'service.version': application.version,
    'k8s.namespace.name': namespace?.trim() ?? env['POD_NAMESPACE'],
    'k8s.pod.name': env['POD_NAME'] ?? env['HOSTNAME'],
    'k8s.node.name': env['NODE_NAME'],
  }
}

function namesIn(attributes = ''): Set<string> {
  return new Set(attributes.split(',').map((pair) => pair.slice(0, Math.max(0, pair.indexOf('='))).trim()))
}
