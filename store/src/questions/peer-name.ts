import { ATTRIBUTE_SLOTS, CACHE_SYSTEMS, SemanticSlot } from '@skein/schemas/semantic-conventions'
import { SpanKindNumber } from '@skein/schemas/otlp-wire'
import type { NodeKind } from '@skein/schemas/topology'
import { ESCAPE, SEPARATOR } from '../attribute-text.ts'
import { every, list, some, sql, texts, uint16 } from '../sql/fragment.ts'
import type { Fragment } from '../sql/terms.ts'
import { firstString, firstText, hasAttribute } from './attribute-lookup.ts'

/** Whether a span names one of these as its peer: what ingest calls a peer of this kind that sends no spans itself, from the same attributes. */
export function namesPeer(kind: PeerKind, names: readonly string[]): Fragment {
  return every([...mentions(names), sql`has(${texts(names)}, ${NAME_OF[kind]})`, IS_KIND[kind]])
}

/** What may send no spans itself and is called by name. */
export type PeerKind = Exclude<NodeKind, 'service' | 'client'>

export function isPeerKind(kind: NodeKind): kind is PeerKind {
  return kind !== 'service' && kind !== 'client'
}

/** The attributes hold the last part of a name: to look for it is cheap, to make the name of every span is not. */
function mentions(names: readonly string[]): Fragment[] {
  const parts = names.map((name) => name.slice(name.indexOf('/') + 1))
  if (parts.some((part) => part === '' || part === TEMPORARY || part.includes(ESCAPE) || part.includes(SEPARATOR))) return []
  const holds = (where: Fragment): Fragment => sql`multiSearchAnyCaseInsensitiveUTF8(${where}, ${texts(parts)})`
  return parts.length > MOST_NEEDLES ? [] : [some([holds(sql`arrayStringConcat(items, '\\x1e')`), holds(sql`rest`)])]
}

const TEMPORARY = '(temporary)'
/** The engine looks for 255 at once at most. */
const MOST_NEEDLES = 200

const attributesOf = (wanted: SemanticSlot): string[] => ATTRIBUTE_SLOTS.flatMap(([attribute, of]) => (of === wanted ? [attribute] : []))
/** A number is no name. */
const slot = (wanted: SemanticSlot): Fragment => firstString(attributesOf(wanted))
const isTrue = (wanted: SemanticSlot): Fragment => sql`${firstText(attributesOf(wanted))} = 'true'`
const PEER_SERVICE = slot(SemanticSlot.peerService)
const DB_SYSTEM = slot(SemanticSlot.dbSystem)
const DB_NAMESPACE = slot(SemanticSlot.dbNamespace)
const SYSTEM = slot(SemanticSlot.messagingSystem)

/** Lower case, without port, brackets, zone or the last dot; an IPv4 address written as IPv6 is the IPv4 one. */
function hostOf(address: Fragment): Fragment {
  const v6 = (of: Fragment): Fragment => sql`replaceRegexpOne(${of}, '^::ffff:([0-9]{1,3}(?:[.][0-9]{1,3}){3})$', '\\\\1')`
  const bracketed = v6(sql`extract(h, '^.([^]%]*)')`)
  const bare = v6(sql`extract(h, '^[^%]*')`)
  const plain = sql`replaceRegexpOne(extract(h, '^[^:]*'), '[.]$', '')`
  return sql`arrayMap(h -> multiIf(startsWith(h, '['), ${bracketed}, countSubstrings(h, ':') > 1, ${bare}, ${plain}), [lower(trimBoth(${address}))])[1]`
}

const firstOf = (names: readonly Fragment[]): Fragment => sql`arrayFirst(n -> n != '', [${list(names)}])`
const SERVER = hostOf(slot(SemanticSlot.serverAddress))
const URL_HOST = sql`extract(${slot(SemanticSlot.urlFull)}, '://(?:[^/?#]*@)?([^/?#]*)')`
const EXTERNAL_NAME = firstOf([PEER_SERVICE, SERVER, hostOf(slot(SemanticSlot.httpHost)), hostOf(URL_HOST), hostOf(slot(SemanticSlot.peerAddress))])
const HOST_NAME = sql`arrayFilter(s -> NOT match(s, '^[0-9]{1,3}([.][0-9]{1,3}){3}$') AND position(s, ':') = 0, [${SERVER}])[1]`
const SPACE_NAME = sql`arrayMap(d -> if(d = '', '', concat(${DB_SYSTEM}, '/', d)), [${DB_NAMESPACE}])[1]`
const STORE_NAME = firstOf([PEER_SERVICE, SPACE_NAME, HOST_NAME, DB_SYSTEM])
const IS_TEMPORARY = sql`${isTrue(SemanticSlot.messagingTemporary)} OR ${isTrue(SemanticSlot.messagingAnonymous)}`
const DESTINATION = firstOf([slot(SemanticSlot.messagingTemplate), slot(SemanticSlot.messagingDestination)])
const TOPIC = sql`if(${IS_TEMPORARY}, '(temporary)', ${DESTINATION})`
const TOPIC_NAME = sql`arrayMap((t, y) -> if(t = '' OR y = '', t, concat(y, '/', t)), [${TOPIC}], [${SYSTEM}])[1]`
const QUEUE_NAME = firstOf([TOPIC_NAME, SYSTEM, EXTERNAL_NAME])

const NAME_OF: Readonly<Record<PeerKind, Fragment>> = { database: STORE_NAME, cache: STORE_NAME, queue: QUEUE_NAME, external: EXTERNAL_NAME }

/** Of any value: ingest asks no more than whether the attribute is there. */
const says = (wanted: SemanticSlot): Fragment => sql`(${some(attributesOf(wanted).map(hasAttribute))})`
const IS_STORE = says(SemanticSlot.dbSystem)
const IS_CACHE = sql`has(${texts([...CACHE_SYSTEMS])}, lowerUTF8(${DB_SYSTEM}))`
const IS_MESSAGE = says(SemanticSlot.messagingSystem)
const IS_CLIENT = sql`kind = ${uint16(SpanKindNumber.client)}`

/** What a name alone does not tell: a database, a cache and a host may be called the same. */
const IS_KIND: Readonly<Record<PeerKind, Fragment>> = {
  database: sql`${IS_STORE} AND NOT ${IS_CACHE}`,
  cache: IS_CACHE,
  queue: sql`NOT ${IS_CLIENT} OR (${IS_MESSAGE} AND NOT ${IS_STORE})`,
  external: sql`NOT ${IS_STORE} AND NOT ${IS_MESSAGE}`,
}
