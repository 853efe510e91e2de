import type { Config } from '@skein/schemas/config'
import type { RedactionPreset } from '@skein/schemas/redaction'
import { createMasker, type Masker } from './masker.ts'

/** What masks the requests of a tenant; null when nothing is to be masked, so that it costs nothing. */
export function createMaskers(config: Config['redact']): (tenant: string) => Masker | null {
  const some = (presets: readonly RedactionPreset[]): Masker | null => (presets.length === 0 ? null : createMasker(presets))
  const fallback = some(config.presets)
  const own = new Map(config.tenants.map(({ tenant, presets }) => [tenant, some(presets)]))
  return (tenant) => {
    const masker = own.get(tenant)
    return masker === undefined ? fallback : masker
  }
}
