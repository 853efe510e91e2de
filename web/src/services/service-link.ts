import type { WindowAnswer } from '@skein/schemas/api/window'
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

/** Length of the answered window, in seconds. */
export function windowSeconds(window: WindowAnswer): number {
  return Math.max(0, (Date.parse(window.end) - Date.parse(window.start)) / 1000)
}
