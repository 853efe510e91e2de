import { byteAt, type Finder, isAlphanumeric, isDigit, isExactly, isLetter, isText, type Look, runEnd } from './look.ts'

const POINT = 0x2e
const MINUS = 0x2d
const BACKSLASH = 0x5c
const MAX_LOCAL = 64
/** Point, percent, plus, dash, underscore. */
const LOCAL_SIGNS: ReadonlySet<number> = new Set([0x2e, 0x25, 0x2b, 0x2d, 0x5f])
/** Last labels that are names of files and units, not of the net. */
const NO_DOMAINS = ['png', 'jpg', 'jpeg', 'gif', 'webp', 'svg', 'js', 'css', 'json', 'service', 'socket', 'timer', 'slice', 'scope', 'target', 'mount']

/** name@example.com, called at the @. */
export const email: Finder = (look, at) => addressAround(look, at, at + 1)

/** name%40example.com as in a URL, called at the %. */
export const encodedEmail: Finder = (look, at) => (isExactly(look, at, '%40') ? addressAround(look, at, at + 3) : ~(at + 1))

function addressAround(look: Look, at: number, domain: number): number {
  const end = domainEnd(look, domain)
  const start = end === 0 ? at : localStart(look, at)
  if (start === at || isName(look, start, at)) return ~domain
  look.start = start
  return end
}

function localStart(look: Look, at: number): number {
  let start = at
  while (start > look.free && start > at - MAX_LOCAL && isLocal(look.bytes[start - 1])) start--
  // The letter of an escape such as \n is not the name's.
  if (byteAt(look, start - 1) === BACKSLASH && start < at) start++
  while (start < at && !isAlphanumeric(look.bytes[start])) start++
  return start
}

function isLocal(byte: number | undefined): boolean {
  return isAlphanumeric(byte) || (byte !== undefined && LOCAL_SIGNS.has(byte))
}

/** 0 when there are not two labels, or the last is no domain. */
function domainEnd(look: Look, domain: number): number {
  let at = domain
  let last = domain
  let labels = 0
  for (;;) {
    const end = runEnd(look, at, isLabel)
    if (end === at) break
    labels++
    last = at
    at = end
    if (byteAt(look, end) !== POINT || !isAlphanumeric(byteAt(look, end + 1))) break
    at++
  }
  if (labels < 2 || at - last < 2 || !isLetter(look.bytes[last]) || isScale(look, domain)) return 0
  return NO_DOMAINS.some((name) => name.length === at - last && isText(look, last, name)) ? 0 : at
}

function isLabel(byte: number | undefined): boolean {
  return isAlphanumeric(byte) || byte === MINUS
}

/** icon@2x.example is an image for dense screens. */
function isScale(look: Look, domain: number): boolean {
  return isDigit(byteAt(look, domain)) && byteAt(look, domain + 1) === 0x78
}

/** git@host is how a repository is reached, by everyone. */
function isName(look: Look, start: number, end: number): boolean {
  return end - start === 3 && isExactly(look, start, 'git')
}
