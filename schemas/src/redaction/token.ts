import { beginsAt, byteAt, type Finder, isAlphanumeric, isBase64Url, isExactly, isUpperOrDigit, type Look, runEnd } from './look.ts'

const POINT = 0x2e
const MINUS = 0x2d
const UNDERSCORE = 0x5f
const SLASH = 0x2f

/** Base64url of `{"`, with which the header and the payload of every JSON Web Token begin. */
const JSON_START = 'eyJ'
const MIN_SEGMENT = 8

/** A JSON Web Token (signed, unsigned or encrypted), called at the J of its header. */
export const jwt: Finder = (look, at) => {
  const start = at - 2
  if (start < look.free || !isExactly(look, start, JSON_START) || isJoined(look, start)) return ~(at + 1)
  const header = runEnd(look, at, isBase64Url)
  const end = segmentsEnd(look, header)
  if (header - start < MIN_SEGMENT || end === header) return ~header
  look.start = start
  return end
}

/** Up to four segments, each after a point, of which all but the payload may be empty; `header` when there are less than two. */
function segmentsEnd(look: Look, header: number): number {
  let end = header
  let points = 0
  while (points < 4 && byteAt(look, end) === POINT) {
    const next = runEnd(look, end + 1, isBase64Url)
    if (points === 0 && next - end - 1 < MIN_SEGMENT) break
    end = next
    points++
  }
  // Behind a signature a point is the sentence's.
  if (points > 2 && look.bytes[end - 1] === POINT) end--
  return points < 2 ? header : end
}

function isJoined(look: Look, start: number): boolean {
  return !beginsAt(look, start) || byteAt(look, start - 1) === MINUS
}

/** A prefix nobody else uses, then so many characters of a kind. */
interface Shape {
  prefix: string
  member: (byte: number | undefined) => boolean
  min: number
  max: number
}

const MANY = 512

/** Told by their first letters, of which the first is a capital that begins few words. */
const CAPITAL_SHAPES = byPair(0, [
  ...['AKIA', 'ASIA', 'ABIA', 'ACCA'].map((prefix) => ({ prefix, member: isUpperOrDigit, min: 16, max: 16 })),
  { prefix: 'AIza', member: isBase64Url, min: 35, max: 35 },
  { prefix: 'AKID', member: isAlphanumeric, min: 32, max: 36 },
  { prefix: 'AKLT', member: isBase64Url, min: 40, max: 64 },
  { prefix: 'LTAI', member: isAlphanumeric, min: 12, max: 30 },
  { prefix: 'GOCSPX-', member: isBase64Url, min: 28, max: 28 },
  { prefix: 'SG.', member: isSendGrid, min: 60, max: 80 },
])
/** Told by the sign that ends their prefix and the letter before it. */
const SIGN_SHAPES = byPair(-2, [
  ...['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_', 'npm_'].map((prefix) => ({ prefix, member: isAlphanumeric, min: 36, max: MANY })),
  ...['sk_live_', 'sk_test_', 'rk_live_', 'rk_test_'].map((prefix) => ({ prefix, member: isAlphanumeric, min: 16, max: MANY })),
  ...['skn_sec_', 'skn_pub_', 'skn_dev_', 'skn_tok_'].map((prefix) => ({ prefix, member: isBase64Url, min: 40, max: MANY })),
  ...['xoxb-', 'xoxp-', 'xoxa-', 'xoxr-', 'xoxs-'].map((prefix) => ({ prefix, member: isBase64Url, min: 20, max: MANY })),
  { prefix: 'github_pat_', member: isBase64Url, min: 60, max: MANY },
  { prefix: 'glpat-', member: isBase64Url, min: 20, max: 64 },
  { prefix: 'hf_', member: isAlphanumeric, min: 30, max: 64 },
  { prefix: 'sk-', member: isBase64Url, min: 40, max: MANY },
])

/** Shapes by two neighbours of their prefix, from `at` on: few texts have such a pair, so most are told by one look. */
function byPair(at: number, shapes: readonly Shape[]): ReadonlyMap<number, readonly Shape[]> {
  return Map.groupBy(shapes, ({ prefix }) => {
    const place = at < 0 ? prefix.length + at : at
    return pair(prefix.charCodeAt(place), prefix.charCodeAt(place + 1))
  })
}

function pair(first: number, second: number): number {
  return (first << 8) | second
}

function isSendGrid(byte: number | undefined): boolean {
  return isBase64Url(byte) || byte === POINT
}

/** Access keys of AWS, Google, Tencent, Volcano, Aliyun and SendGrid, called at their first letter. */
export const capitalKey: Finder = (look, at) => {
  for (const shape of CAPITAL_SHAPES.get(pair(look.bytes[at]!, byteAt(look, at + 1) ?? 0)) ?? []) {
    const end = isExactly(look, at, shape.prefix) ? shapeEnd(look, at, shape) : 0
    if (end !== 0) return end
  }
  return ~(at + 1)
}

/** Tokens of GitHub, npm, Stripe, Slack, GitLab and others, called at the underscore or dash of their prefix. */
export const signKey: Finder = (look, at) => {
  const sign = look.bytes[at]!
  for (const shape of SIGN_SHAPES.get(pair(byteAt(look, at - 1) ?? 0, sign)) ?? []) {
    const start = at + 1 - shape.prefix.length
    const end = start >= look.free && isExactly(look, start, shape.prefix) ? shapeEnd(look, start, shape) : 0
    if (end !== 0) return end
  }
  return sign === MINUS && byteAt(look, at + 1) === MINUS ? privateKey(look, at) : ~(at + 1)
}

/** 0 when what follows the prefix is too short or part of a longer word; of what is too long so much is passed over, never to be read again. */
function shapeEnd(look: Look, start: number, { prefix, member, min, max }: Shape): number {
  const from = start + prefix.length
  const end = runEnd(look, from, member, max + 1)
  if (end - from > max) return ~end
  const isOwnWord = beginsAt(look, start) && byteAt(look, start - 1) !== SLASH
  if (!isOwnWord || end - from < min || isAlphanumeric(byteAt(look, end)) || byteAt(look, end) === UNDERSCORE) return 0
  look.start = start
  return end
}

const BEGIN = '-----BEGIN '
const KEY = 'PRIVATE KEY-----'
const END = '-----END '

/** A private key in PEM, to its end line or, cut off, to the end of the text. */
function privateKey(look: Look, at: number): number {
  const dashes = runEnd(look, at, (byte) => byte === MINUS)
  if (!isExactly(look, at, BEGIN)) return ~dashes
  const line = at + BEGIN.length + 12
  let head = at + BEGIN.length
  while (head < line && !isExactly(look, head, KEY)) head++
  if (head === line) return ~dashes
  let end = head + KEY.length
  while (end < look.to && !isExactly(look, end, END)) end = nextDash(look, end + 1)
  look.start = at
  // The end line repeats the name of the first.
  return Math.min(look.to, end + (head + KEY.length - at) - BEGIN.length + END.length)
}

function nextDash(look: Look, from: number): number {
  const at = look.bytes.indexOf(MINUS, from)
  return at < 0 || at > look.to ? look.to : at
}

const AZURE_SIGN = 'Q~'
const AZURE_BEFORE = 3
const MIN_AZURE = 31
const MAX_AZURE = 34

/** A client secret of Azure (xxx8Q~…), called at the tilde. */
export const azureSecret: Finder = (look, at) => {
  const start = at - 2 - AZURE_BEFORE
  const version = byteAt(look, at - 2)
  if (start < look.free || !isExactly(look, at - 1, AZURE_SIGN) || (version !== 0x37 && version !== 0x38) || !beginsAt(look, start)) return ~(at + 1)
  let end = runEnd(look, at + 1, isAzure, MAX_AZURE + 2)
  if (look.bytes[end - 1] === POINT) end--
  // Passed over as a whole, never to be read again.
  if (end - at - 1 > MAX_AZURE) return ~end
  if (end - at - 1 < MIN_AZURE) return ~(at + 1)
  look.start = start
  return end
}

function isAzure(byte: number | undefined): boolean {
  return isSendGrid(byte) || byte === 0x7e
}
