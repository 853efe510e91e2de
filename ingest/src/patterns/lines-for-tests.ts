/** Lines as services write them, each with the number of the statement that wrote it. Slots: N number, U uuid, W one of a few words, I address, H hex, T time. */
const STATEMENTS = [
  'GET /titles/N 200 in N ms',
  'POST /play started session=U user=N device=W',
  'session U ended after N s, N stalls',
  'license for title N issued to account N in N ms',
  'license server answered 503, retry N of 5',
  'connection to I:N refused',
  'connection pool exhausted: N waiting, N in use',
  'query took N ms: SELECT * FROM titles WHERE id = N',
  'cache miss for key title:N',
  'cache hit for key title:N',
  'user W logged in from I',
  'user W logged out',
  'payment N of account N failed: card declined',
  'payment N of account N captured',
  'T WARN [worker-N] queue orders is N deep',
  'T ERROR [worker-N] order N failed: TimeoutError: no answer in N ms',
  '{"level":"info","msg":"epg refreshed","channels":N,"took":N}',
  '{"level":"error","msg":"epg refresh failed","status":N,"url":"http://epg/N"}',
  'commit H deployed to W by W',
  'config key W changed from N to N',
  'Started GarbageCollector run N, heap N MiB',
  '用户 N 登录成功，来自 I',
  '用户 N 播放失败：超时 N 毫秒',
  'bitrate switched from N to N kbps on W',
  'I - - [25/Nov/2026:01:20:N +0000] "GET /epg/N HTTP/1.1" 200 N',
  'leader is now node-N, term N',
  'TypeError: cannot read properties of undefined (reading "W")',
  'segment N.ts of channel W missing on edge cdn-N',
]
const WORDS = ['alice', 'bob', 'carol', 'dave', 'erin', 'frank', 'grace', 'heidi']

/** xorshift32, from 0 to below 1. */
export function randomFrom(seed: number): () => number {
  let state = seed | 1
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 0x1_0000_0000
  }
}

export interface KnownLine {
  text: string
  statement: number
}

export function knownLine(random: () => number): KnownLine {
  const statement = Math.floor(random() * STATEMENTS.length)
  const number = (below: number): string => String(Math.floor(random() * below))
  const slots: Record<string, () => string> = {
    N: () => number(10 ** (1 + Math.floor(random() * 5))),
    U: () => `${hex(random, 8)}-${hex(random, 4)}-4${hex(random, 3)}-8${hex(random, 3)}-${hex(random, 12)}`,
    W: () => WORDS[Math.floor(random() * WORDS.length)] ?? '',
    I: () => `10.${number(255)}.${number(255)}.${number(255)}`,
    H: () => `1${hex(random, 11)}`,
    T: () => `2026-11-25T0${number(9)}:${10 + Math.floor(random() * 49)}:${10 + Math.floor(random() * 49)}.123Z`,
  }
  const text = (STATEMENTS[statement] ?? '').replaceAll(/(?<![A-Za-z])[NUWIHT](?![A-Za-z])/g, (slot) => slots[slot]?.() ?? slot)
  return { text, statement }
}

function hex(random: () => number, digits: number): string {
  return Array.from({ length: digits }, () => Math.floor(random() * 16).toString(16)).join('')
}
