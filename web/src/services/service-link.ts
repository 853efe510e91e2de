import type { LinkParameters } from '../url/view-state.ts'

export interface ServicePlace {
  name: string
  environment: string
  cluster: string
  namespace: string
}

/** The page of one service in the place it lives in; empty parts keep what the present view has. */
export function serviceLink({ name, environment, cluster, namespace }: ServicePlace): { path: string; parameters: LinkParameters } {
  return {
    path: '/service',
    parameters: {
      name,
      ...(environment === '' ? {} : { env: environment }),
      ...(cluster === '' ? {} : { cluster }),
      ...(namespace === '' ? {} : { namespace }),
    },
  }
}
