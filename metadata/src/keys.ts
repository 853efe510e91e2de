import { timingSafeEqual } from 'node:crypto'
import type { KeyRecord, KeyType } from '@skein/schemas/key'
import { keyRecord } from '@skein/schemas/key'
import type { Json, MetadataStore } from './contract.ts'
import { ReadOnlyError } from './contract.ts'
import { keyDigest, keyIdFrom, readKeyText, writeKeyText } from './key-text.ts'

export interface KeysOptions {
  metadata: MetadataStore
  /** Unix ms. */
  clock: () => number
  randomBytes: (count: number) => Uint8Array
  /** How long an answer of `authenticate` is believed without asking the store again: a revocation takes as long. */
  trustMs?: number
}

export interface CreateKey {
  type: KeyType
  tenant: string
  label: string
  expiresAtMs?: number
}

export type Authentication =
  | { ok: true; tenant: string; keyId: string; type: KeyType }
  /** `unknown`: no such key, or not a key at all. `revoked` and `expired`: it was one; `tenant` and `keyId` say whose. */
  | { ok: false; reason: 'unknown' }
  | { ok: false; reason: 'revoked' | 'expired'; tenant: string; keyId: string }

export interface Keys {
  /** The key text is in this answer and nowhere else. */
  create(key: CreateKey): Promise<{ text: string; record: KeyRecord }>
  /** By time of creation. */
  list(): Promise<KeyRecord[]>
  /** False when there is no such key; a second time keeps the first time of revocation. */
  revoke(id: string): Promise<boolean>
  authenticate(text: string): Promise<Authentication>
}

const PREFIX = 'key/'
const TRUST_MS = 2000
const MAX_TRUSTED = 10_000
/** Last use is a hint for people, so it is written this rarely. */
const LAST_USE_MS = 60_000
const TRIES = 5

interface Trusted {
  answer: Authentication
  expiresAtMs: number | null
  untilMs: number
}

export function createKeys(options: KeysOptions): Keys {
  const { metadata, clock } = options
  return {
    create: (key) => createKey(key, options),
    async list() {
      const entries = await metadata.list(PREFIX)
      return entries.map(({ value }) => keyRecord.parse(value)).toSorted((a, b) => a.createdAtMs - b.createdAtMs)
    },
    revoke: (id) => updateKey(metadata, id, (record) => ({ ...record, revokedAtMs: record.revokedAtMs ?? clock() })),
    authenticate: createAuthenticator(options),
  }
}

async function createKey(key: CreateKey, { metadata, clock, randomBytes }: KeysOptions): Promise<{ text: string; record: KeyRecord }> {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const id = keyIdFrom(randomBytes)
    const text = writeKeyText(key.type, id, randomBytes(32))
    const record = keyRecord.parse({
      id,
      type: key.type,
      sha256: keyDigest(text).toString('hex'),
      tenant: key.tenant,
      label: key.label,
      createdAtMs: clock(),
      expiresAtMs: key.expiresAtMs ?? null,
      revokedAtMs: null,
      lastUsedAtMs: null,
    })
    const result = await metadata.transact([{ key: PREFIX + id, expect: null, value: record satisfies Json }])
    if (result.ok) return { text, record }
  }
  throw new Error('no free key id was found')
}

async function findKey(metadata: MetadataStore, id: string): Promise<{ record: KeyRecord; revision: number } | null> {
  const entry = await metadata.get(PREFIX + id)
  return entry === null ? null : { record: keyRecord.parse(entry.value), revision: entry.revision }
}

async function updateKey(metadata: MetadataStore, id: string, change: (record: KeyRecord) => KeyRecord): Promise<boolean> {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const found = await findKey(metadata, id)
    if (found === null) return false
    const value = change(found.record)
    const result = await metadata.transact([{ key: PREFIX + id, expect: found.revision, value: value satisfies Json }])
    if (result.ok) return true
  }
  throw new Error(`key ${id} was changed by others ${TRIES} times in a row`)
}

function createAuthenticator({ metadata, clock, trustMs = TRUST_MS }: KeysOptions): Keys['authenticate'] {
  const trusted = new Map<string, Trusted>()
  const usedAtMs = new Map<string, number>()

  function noteUse(record: KeyRecord, nowMs: number): void {
    const lastMs = usedAtMs.get(record.id) ?? record.lastUsedAtMs ?? 0
    if (nowMs - lastMs < LAST_USE_MS) return
    usedAtMs.set(record.id, nowMs)
    updateKey(metadata, record.id, (now) => ({ ...now, lastUsedAtMs: Math.max(now.lastUsedAtMs ?? 0, nowMs) })).catch((error: unknown) => {
      // Read-only metadata never learns the last use; any other failure is tried again at a later use.
      if (!(error instanceof ReadOnlyError)) usedAtMs.delete(record.id)
    })
  }

  return async (text) => {
    const shape = readKeyText(text)
    if (shape === null) return { ok: false, reason: 'unknown' }
    const nowMs = clock()
    // Under its digest, so that no key lies about in memory.
    const digest = keyDigest(text)
    const name = digest.toString('base64')
    let known = trusted.get(name)
    if (known === undefined || known.untilMs <= nowMs) {
      const record = (await findKey(metadata, shape.id))?.record
      known = { ...judge(record, shape.type, digest), untilMs: nowMs + trustMs }
      if (known.answer.ok && record !== undefined) noteUse(record, nowMs)
      if (trusted.size >= MAX_TRUSTED) trusted.clear()
      trusted.set(name, known)
    }
    const { answer, expiresAtMs } = known
    if (answer.ok && expiresAtMs !== null && expiresAtMs <= nowMs) return { ok: false, reason: 'expired', tenant: answer.tenant, keyId: answer.keyId }
    return answer
  }
}

function judge(record: KeyRecord | undefined, type: KeyType, digest: Buffer): Omit<Trusted, 'untilMs'> {
  if (record === undefined || !timingSafeEqual(Buffer.from(record.sha256, 'hex'), digest) || record.type !== type)
    return { answer: { ok: false, reason: 'unknown' }, expiresAtMs: null }
  const { tenant, id: keyId, expiresAtMs } = record
  if (record.revokedAtMs !== null) return { answer: { ok: false, reason: 'revoked', tenant, keyId }, expiresAtMs }
  return { answer: { ok: true, tenant, keyId, type }, expiresAtMs }
}
