import { hostName, isBareIp } from '../facts/naming.ts'
import { type SpanNames, textOfName } from '../facts/span-names.ts'
import { type Catalogue, knowNames } from './catalogue.ts'

/** Of one instance; more than this is a balancer's or somebody's invention. */
const MAX_ADDRESSES = 16
/** Everybody's own. */
const NOT_AN_INSTANCE = /^(?:127\.|0\.0\.0\.0$|::1?$)/

/**
 * A server span may say at which address it was called. Only bare IPs are kept: they name an instance to callers that know no more,
 * while a host name is what the caller wrote into its request.
 */
export function learnAddress(catalogue: Catalogue, instance: number, names: SpanNames, text: number): void {
  knowNames(catalogue, names)
  if (catalogue.instanceAddressText[instance] === text) return
  catalogue.instanceAddressText[instance] = text
  const host = hostName(textOfName(names, text))
  const known = catalogue.instanceAddresses[instance]!
  if (isBareIp(host) && !NOT_AN_INSTANCE.test(host) && !known.includes(host) && known.length < MAX_ADDRESSES) known.push(host)
}
