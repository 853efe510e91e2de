import type { FastifyRequest } from 'fastify'

/** Until there are users, everyone who reaches a listener is in this tenant. */
export const DEFAULT_TENANT = 'default'

/** Whose data a request may read. The only place that decides it; a credential, never a parameter, will say so. */
export function tenantOf(_request: FastifyRequest): string {
  return DEFAULT_TENANT
}
