import type { NodeKey } from '@skein/schemas/topology'

export interface Scope {
  environment?: string | undefined
  cluster?: string | undefined
  namespace?: string | undefined
}

export function inScope(node: { environment: string; cluster: string; namespace: string }, scope: Scope): boolean {
  return (
    (scope.environment === undefined || scope.environment === node.environment) &&
    (scope.cluster === undefined || scope.cluster === node.cluster) &&
    (scope.namespace === undefined || scope.namespace === node.namespace)
  )
}

/** An edge stays when a service at one of its ends is in the scope, so that what the scope calls, and is called by, stays in sight. */
export function edgeInScope(edge: { source: NodeKey; target: NodeKey }, scope: Scope): boolean {
  const services = [edge.source, edge.target].filter((node) => node.kind === 'service')
  return (services.length > 0 ? services : [edge.source, edge.target]).some((node) => inScope(node, scope))
}
