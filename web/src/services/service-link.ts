import type { LinkParameters } from '../url/view-state.ts'

export interface ServicePlace {
  name: string
  environment: string
  cluster: string
  namespace: string
}

/** The page of one service in the place it lives in; empty parts keep what the present view has. */
export function serviceLink(service: ServicePlace): { path: string; parameters: LinkParameters } {
  return { path: '/service', parameters: { name: service.name, ...placeOf(service) } }
}

/** The search for traces with what a service sent from the place it lives in. */
export function sentBy(service: ServicePlace): LinkParameters {
  return { service: service.name, ...placeOf(service) }
}

function placeOf({ environment, cluster, namespace }: ServicePlace): LinkParameters {
  return { ...(environment === '' ? {} : { env: environment }), ...(cluster === '' ? {} : { cluster }), ...(namespace === '' ? {} : { namespace }) }
}
