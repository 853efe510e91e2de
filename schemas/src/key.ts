import { z } from 'zod'

/** `sec`: secret ingest key. `pub`: public ingest key, ships inside apps. `tok`: API token. */
export const KEY_TYPES = ['sec', 'pub', 'tok'] as const
export type KeyType = (typeof KEY_TYPES)[number]

/** What is kept of a key; never the key. Times are Unix ms. */
export const keyRecord = z.strictObject({
  id: z.string().regex(/^[0-9A-Za-z]{8}$/),
  type: z.enum(KEY_TYPES),
  /** SHA-256 of the whole key text, hexadecimal. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  tenant: z.string().min(1).max(128),
  label: z.string().max(200),
  createdAtMs: z.number().int(),
  expiresAtMs: z.number().int().nullable(),
  revokedAtMs: z.number().int().nullable(),
  lastUsedAtMs: z.number().int().nullable(),
})
export type KeyRecord = z.infer<typeof keyRecord>
