import type { ServiceSummary } from '@skein/schemas/api/services'

export type ServiceTotal = Pick<ServiceSummary, 'calls' | 'errors' | 'instances' | 'p50Ms' | 'p95Ms' | 'p99Ms'>

/** Counts of all places together; percentiles are null unless there is exactly one place. */
export function totalOf(services: readonly ServiceSummary[]): ServiceTotal {
  const sum = (count: (service: ServiceSummary) => number) => services.reduce((total, service) => total + count(service), 0)
  const only = services.length === 1 ? services[0] : undefined
  return {
    calls: sum((service) => service.calls),
    errors: sum((service) => service.errors),
    instances: sum((service) => service.instances),
    p50Ms: only?.p50Ms ?? null,
    p95Ms: only?.p95Ms ?? null,
    p99Ms: only?.p99Ms ?? null,
  }
}
