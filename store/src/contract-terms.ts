export interface TenantWindow {
  tenant: string
  startMs: number
  endMs: number
}

/** Percentiles in ns; null when nothing was measured. */
export interface Quantiles {
  p50: number
  p95: number
  p99: number
}

export interface ServiceKey {
  environment: string
  cluster: string
  namespace: string
  service: string
}

export interface RedRow {
  calls: number
  errors: number
  duration: Quantiles | null
}

/** A stored attribute value with its type: see `attribute-text.ts`. */
export type StoredValue = string | number | boolean | null | StoredValue[] | { [key: string]: StoredValue }
