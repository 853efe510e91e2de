import type { RedactionPreset } from '../redaction.ts'

/** A line with something in it that must be found, and that thing. */
export interface PersonalSample {
  preset: RedactionPreset
  line: string
  secret: string
}

type Random = () => number

/** The same seed makes the same samples. */
function seeded(seed: number): Random {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 4294967296
  }
}

const LOWER = 'abcdefghijklmnopqrstuvwxyz'
const DIGITS = '0123456789'
const HEX = '0123456789abcdef'
const ALPHANUMERIC = LOWER + LOWER.toUpperCase() + DIGITS
const BASE64URL = `${ALPHANUMERIC}-_`

function tools(random: Random) {
  const below = (end: number): number => Math.floor(random() * end)
  const of = <T>(list: readonly T[]): T => list[below(list.length)]!
  const chars = (alphabet: string, count: number): string => Array.from({ length: count }, () => alphabet[below(alphabet.length)]).join('')
  const digits = (count: number): string => chars(DIGITS, count)
  return { below, of, chars, digits }
}
type Tools = ReturnType<typeof tools>

function luhnDigit(number: string): string {
  let sum = 0
  for (let i = 0; i < number.length; i++) {
    const digit = Number(number.at(-1 - i))
    const doubled = i % 2 === 0 ? digit * 2 : digit
    sum += doubled > 9 ? doubled - 9 : doubled
  }
  return String((10 - (sum % 10)) % 10)
}

function card({ of, digits }: Tools): string {
  const [prefix, length] = of([
    ['4', 16],
    ['51', 16],
    ['55', 16],
    ['2221', 16],
    ['34', 15],
    ['37', 15],
    ['36', 14],
    ['3530', 16],
    ['6011', 16],
    ['65', 16],
    ['622202', 19],
    ['6228', 19],
    ['6217', 16],
    ['4', 13],
  ] as const)
  const body = prefix + digits(length - prefix.length - 1)
  const number = body + luhnDigit(body)
  if (length === 15) return of([number, `${number.slice(0, 4)} ${number.slice(4, 10)} ${number.slice(10)}`])
  if (length !== 16) return number
  const groups = [0, 4, 8, 12].map((at) => number.slice(at, at + 4))
  return of([number, groups.join(' '), groups.join('-')])
}

function residentId({ below, of, digits }: Tools): string {
  const birthday = `${1940 + below(70)}${String(1 + below(12)).padStart(2, '0')}${String(1 + below(28)).padStart(2, '0')}`
  const body = `${of(['1101', '3101', '4403', '5101', '3301', '6501', '2102'])}${String(1 + below(20)).padStart(2, '0')}${birthday}${digits(3)}`
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
  const sum = weights.reduce((total, weight, i) => total + weight * Number(body[i]), 0)
  const check = '10X98765432'[sum % 11]!
  return body + (check === 'X' ? of(['X', 'x']) : check)
}

function phone({ of, digits }: Tools): string {
  const mobile = `1${of(['30', '38', '58', '77', '86', '99'])}${digits(8)}`
  const groups = `${mobile.slice(0, 3)} ${mobile.slice(3, 7)} ${mobile.slice(7)}`
  const american = `${of(['212', '415', '646'])}-${of(['555', '867', '234'])}-${digits(4)}`
  return of([
    mobile,
    mobile,
    groups,
    groups.replaceAll(' ', '-'),
    `+86${mobile}`,
    `+86 ${mobile}`,
    `+86-${mobile}`,
    `+86 ${groups}`,
    `86${mobile}`,
    `0086${mobile}`,
    `010-${of(['6', '8'])}${digits(7)}`,
    `0755-2${digits(7)}`,
    `+1 (${american.slice(0, 3)}) ${american.slice(4)}`,
    `+1-${american}`,
    `+1${american.replaceAll('-', '')}`,
    american,
    `(${american.slice(0, 3)}) ${american.slice(4)}`,
    `+44 20 7946 0${digits(3)}`,
    `+447911${digits(6)}`,
    `+49 30 ${digits(8)}`,
    `+33 6 12 34 ${digits(2)} ${digits(2)}`,
    `+7 912 345-67-${digits(2)}`,
    `+81-3-1234-${digits(4)}`,
    `+91 98765 ${digits(5)}`,
    `+852 9123 ${digits(4)}`,
    `+65 8123 ${digits(4)}`,
  ])
}

function email({ below, of, chars, digits }: Tools): string {
  const name = of([
    chars(LOWER, 3 + below(8)),
    `${chars(LOWER, 4)}.${chars(LOWER, 6)}`,
    `${chars(LOWER, 5)}+${chars(LOWER, 3)}`,
    digits(9),
    `${chars(LOWER, 4)}_${digits(3)}`,
    `J.${chars(LOWER, 5)}`,
  ])
  return `${name}${of(['@', '@', '@', '@', '%40'])}${of(['example.com', 'qq.com', '163.com', 'mail.example.co.uk', 'iptv-operator.cn', 'a.io', 'x1.example.museum'])}`
}

function ip({ below, of, chars }: Tools): string {
  const quad = `${1 + below(126)}.${below(256)}.${below(256)}.${1 + below(254)}`
  const group = (): string => chars(HEX, 3) + DIGITS[below(10)]!
  return of([
    quad,
    quad,
    quad,
    Array.from({ length: 8 }, group).join(':'),
    `2001:db8::${group()}:${group()}`,
    `fe80::${group()}:${group()}:${group()}:${group()}`,
    `2408:${group()}:${group()}:${group()}::1`,
    `::ffff:${quad}`,
    `64:ff9b::${quad}`,
  ])
}

function jwt({ below, chars }: Tools): string {
  return `eyJ${chars(BASE64URL, 17 + below(30))}.eyJ${chars(BASE64URL, 20 + below(200))}.${chars(BASE64URL, 43)}`
}

/** Put together so that no scanner of repositories takes a sample for a leak. */
function cloudKey({ of, chars }: Tools): string {
  const upper = LOWER.toUpperCase() + DIGITS
  return of([
    () => `AK${'IA'}${chars(upper, 16)}`,
    () => `AS${'IA'}${chars(upper, 16)}`,
    () => `AI${'za'}${chars(BASE64URL, 34)}a`,
    () => `LT${'AI'}5t${chars(ALPHANUMERIC, 18)}`,
    () => `gh${'p'}_${chars(ALPHANUMERIC, 36)}`,
    () => `gh${'s'}_${chars(ALPHANUMERIC, 36)}`,
    () => `github${'_pat_'}${chars(ALPHANUMERIC, 22)}_${chars(ALPHANUMERIC, 59)}`,
    () => `gl${'pat'}-${chars(ALPHANUMERIC, 20)}`,
    () => `xo${'xb'}-${chars(DIGITS, 12)}-${chars(DIGITS, 12)}-${chars(ALPHANUMERIC, 24)}`,
    () => `sk${'_live'}_${chars(ALPHANUMERIC, 24)}`,
    () => `${chars(ALPHANUMERIC, 3)}8${'Q~'}${chars(ALPHANUMERIC, 34)}`,
    () => `AK${'ID'}${chars(ALPHANUMERIC, 32)}`,
    () => `npm${'_'}${chars(ALPHANUMERIC, 36)}`,
    () => `-----BEGIN RSA ${'PRIVATE'} KEY-----\n${chars(BASE64URL.replace('-', ''), 64)}\n-----END RSA ${'PRIVATE'} KEY-----`,
  ])()
}

/** Secrets that only their name gives away: name and value. */
function namedKey({ of, chars }: Tools): readonly [name: string, value: string] {
  return of([
    () => [`aws_secret_access_key${of(['=', ' = ', ': '])}`, chars(ALPHANUMERIC, 40)] as const,
    () => ['"SecretAccessKey": "', `${chars(ALPHANUMERIC, 20)}/+${chars(ALPHANUMERIC, 18)}`] as const,
    () => ['\\"accessKeySecret\\":\\"', chars(ALPHANUMERIC, 30)] as const,
    () => ['DefaultEndpointsProtocol=https;AccountName=x;AccountKey=', `${chars(ALPHANUMERIC, 86)}==`] as const,
    () => ['Endpoint=sb://x.example.net/;SharedAccessKey=', `${chars(ALPHANUMERIC, 43)}=`] as const,
  ])()
}

const MAKERS: Readonly<Record<RedactionPreset, (use: Tools) => string>> = {
  phone,
  chinese_id: residentId,
  bank_card: card,
  email,
  ip,
  jwt,
  cloud_key: cloudKey,
}
const AROUND: readonly (readonly [before: string, after: string])[] = [
  ['', ''],
  ['login of ', ' failed'],
  ['user=', ' code=401'],
  ['{"value":"', '","ok":true}'],
  ['body \\"v\\":\\"', '\\"'],
  ['用户', '登录失败'],
  ['客户号码:', '，请核实'],
  ['(', ')'],
  ['sent to ', '.'],
  ['first line\\n', '\\nthird line'],
  ['2024-11-25T10:00:00.123Z INFO [http-nio-8080] ', ', took 12 ms'],
  ['/v1/find?q=', '&page=2'],
]

/** As many samples of each preset as can be shared out evenly. */
export function personalSamples(count: number, seed: number): PersonalSample[] {
  const use = tools(seeded(seed))
  const presets = Object.keys(MAKERS) as RedactionPreset[]
  return Array.from({ length: count }, (_, i) => {
    const preset = presets[i % presets.length]!
    const [before, after] = use.of(AROUND)
    if (preset === 'cloud_key' && use.below(4) === 0) {
      const [name, value] = namedKey(use)
      return { preset, line: `${before} ${name}${value}"${after}`, secret: value }
    }
    const secret = MAKERS[preset](use)
    return { preset, line: before + secret + after, secret }
  })
}

/** Lines with what looks alike and is nobody's. */
export function harmlessLines(count: number, seed: number): string[] {
  const use = tools(seeded(seed))
  const { below, chars, digits } = use
  const hex = (length: number): string => chars(HEX, length)
  const pad = (value: number, length = 2): string => String(value).padStart(length, '0')
  const clock = (): string => `${pad(below(24))}:${pad(below(60))}:${pad(below(60))}`
  const date = (): string => `20${pad(10 + below(20))}-${pad(1 + below(12))}-${pad(1 + below(28))}`
  const makers: readonly (() => string)[] = [
    () => `trace_id=${hex(32)} span_id=${hex(16)}`,
    () => `traceparent: 00-${hex(32)}-${hex(16)}-01`,
    () => `request ${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)} done`,
    () => `pod epg-${hex(10)}-${chars(LOWER, 5)} on node-${below(100)}`,
    () => `container ${hex(64)} started`,
    () => `image registry.example/app@sha256:${hex(64)}`,
    () => `version ${below(20)}.${below(20)}.${below(300)}.${below(300)} is out`,
    () => `okhttp/${below(5)}.${below(20)}.${below(9)} Chrome/${100 + below(30)}.0.${below(7000)}.${below(255)} Safari/537.36`,
    () => `lib-${below(9)}.${below(9)}.${below(9)}.${below(9)}.jar loaded`,
    () => `${date()}T${clock()}.${digits(9)}+08:00 INFO started`,
    () => `${date()} ${clock()},${digits(3)} [main] DEBUG`,
    () => `[${pad(1 + below(28))}/Nov/2024:${clock()} +0800] "GET /film/${below(9999)} HTTP/1.1" 200 ${below(99999)}`,
    () => `ts=17${digits(8)} ms=17${digits(11)} us=17${digits(14)} ns=17${digits(17)}`,
    () => `took ${below(1e6)}.${digits(12)} ms, load 0.${digits(16)}`,
    () => `offset ${below(2e9)} of ${below(2e9)}, ${below(100)}%`,
    () => `price 1${digits(2)},${digits(3)},${digits(3)}.${digits(2)} of order ${chars(LOWER, 3)}${digits(12)}`,
    () => `mac ${[1, 2, 3, 4, 5, 6].map(() => hex(2)).join(':')} up at ${clock()}`,
    () => `at std::vector<int>::push_back (a.cpp:${below(999)}:${below(99)})`,
    () => `bind 127.0.0.1:${below(65_535)} and 0.0.0.0:${below(65_535)} and [::1]:80`,
    () => `https://cdn.example/img/logo@2x.png?v=${hex(8)} user@1000.service git@code.example.com:a/b.git`,
    () => `commit ${hex(40)} by build ${digits(7)}`,
    () => `etag "${hex(32)}" range 0-${digits(10)}/${digits(10)}`,
    () => `kafka partition-${below(64)} offset ${digits(12)} lag ${digits(5)}`,
    () => `session S${digits(18)} of node_${digits(16)} in task-${digits(6)}-${digits(4)}-${digits(4)}`,
    () => `eyJ is how a token begins, and key=${chars(LOWER, 12)}; ASIATIC and LTAIR are words, ghp_ is a prefix`,
    () => `isbn 978-${digits(1)}-${digits(4)}-${digits(4)}-${digits(1)} ean 690${digits(10)}`,
    () => `dd.trace_id=${1 + below(8)}${digits(18)} dd.span_id=${1 + below(8)}${digits(18)}`,
    () => `0x${hex(16)} ${hex(12)}:${below(99)} #${digits(6)} v${below(9)}.${below(99)}.${below(99)}-rc${below(9)}`,
    () => `heap ${digits(4)}-${digits(4)} ${digits(2)}/${digits(2)}/20${digits(2)} seq=${digits(8)}`,
    () => `a::b::c, dead::beef, x ? 1:2, map{"k":${below(99)}}, ratio 16:9, 12:${pad(below(60))}`,
  ]
  return Array.from({ length: count }, (_, i) => makers[i % makers.length]!())
}
