import type { Keys } from '@skein/metadata/keys'
import type { Refusal } from '../answers/refusal.ts'

/** Whose data a request brings. `keyId` is empty for a request from this machine without a key. */
export interface Principal {
  tenant: string
  keyId: string
}

/** What admission looks at, the same for HTTP/1 and HTTP/2. Header names in lower case. */
export interface Caller {
  header(name: string): string | undefined
  /** Host header or `:authority`. */
  host: string | undefined
  remoteAddress: string | undefined
  localAddress: string | undefined
}

export type AdmitResult = { ok: true; principal: Principal } | { ok: false; refusal: Refusal; principal: Principal }

export interface Admission {
  /** Rejects only when the keys cannot be read. */
  admit(caller: Caller): Promise<AdmitResult>
}

/** Refusals nobody can be blamed for are counted here, and what comes from this machine without a key is stored here. */
export const DEFAULT_PRINCIPAL: Principal = { tenant: 'default', keyId: '' }

const NO_KEY = 'an ingest key is needed: send it as "authorization: Bearer skn_sec_…" or "x-skein-key"; make one with "skein keys create"'
const UNKNOWN_KEY = 'this ingest key is not known'

export interface AdmissionOptions {
  keys: Keys
  /** Whether a program on this machine needs no key: only while all listeners are on loopback. */
  keyless: boolean
}

export function createAdmission(options: AdmissionOptions): Admission {
  return {
    async admit(caller) {
      const text = credential(caller)
      if (text === undefined) {
        if (options.keyless && isOwnMachine(caller)) return { ok: true, principal: DEFAULT_PRINCIPAL }
        return refused('unauthenticated', NO_KEY, DEFAULT_PRINCIPAL)
      }
      const found = await options.keys.authenticate(text)
      if (!found.ok) {
        if (found.reason === 'unknown') return refused('unauthenticated', UNKNOWN_KEY, DEFAULT_PRINCIPAL)
        return refused('key_revoked', `this ingest key is ${found.reason}`, { tenant: found.tenant, keyId: found.keyId })
      }
      const principal = { tenant: found.tenant, keyId: found.keyId }
      if (found.type !== 'sec') return refused('key_not_allowed', `a key of type ${found.type} may not send OTLP: use one of type sec`, principal)
      return { ok: true, principal }
    },
  }
}

function refused(reason: 'unauthenticated' | 'key_revoked' | 'key_not_allowed', message: string, principal: Principal): AdmitResult {
  return { ok: false, refusal: { reason, message }, principal }
}

/** The key of a request, by any of the three ways; an empty text when one is tried but holds nothing. */
function credential(caller: Caller): string | undefined {
  const own = caller.header('x-skein-key')
  if (own !== undefined) return own
  const authorization = caller.header('authorization')
  if (authorization === undefined) return undefined
  const [scheme = '', value = ''] = authorization.split(/ +/, 2)
  if (scheme.toLowerCase() === 'bearer') return value
  if (scheme.toLowerCase() !== 'basic') return ''
  const [user = '', ...password] = Buffer.from(value, 'base64').toString('utf8').split(':')
  return password.join(':') || user
}

const LOCAL_HOST = /^(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/i
const FOREIGN_HEADERS = [
  'origin',
  'forwarded',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-forwarded-port',
  'x-forwarded-server',
  'x-real-ip',
  'via',
]

/** True when nothing but a program on this machine can have sent it: no page in a browser, no rebound name, no proxy. */
export function isOwnMachine(caller: Caller): boolean {
  if (!isLoopback(caller.remoteAddress) || !isLoopback(caller.localAddress)) return false
  if (caller.host === undefined || !LOCAL_HOST.test(caller.host)) return false
  return FOREIGN_HEADERS.every((name) => caller.header(name) === undefined)
}

export function isLoopback(address: string | undefined): boolean {
  if (address === undefined) return false
  const plain = address.startsWith('::ffff:') ? address.slice(7) : address
  return plain === '::1' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(plain)
}
