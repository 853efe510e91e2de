const COLON = 0x3a
const ANGLE = 0x3c
const ANGLE_END = 0x3e

/** `<3>`: the priority of syslog and systemd, whose last three bits are the level. */
export function priorityLevel(bytes: Uint8Array, start: number, end: number): number {
  if (bytes[start] !== ANGLE) return 0
  let number = 0
  let at = start + 1
  for (; at < end && at < start + 4; at++) {
    const digit = bytes[at]! - 0x30
    if (digit < 0 || digit > 9) break
    number = number * 10 + digit
  }
  return at > start + 1 && at < end && bytes[at] === ANGLE_END && number < 192 ? SYSLOG[number & 7]! : 0
}

const SYSLOG = [21, 21, 21, 17, 13, 9, 9, 5] as const

/** `E1125 10:00:00.123456`: of Kubernetes and glog. */
export function klogLevel(bytes: Uint8Array, start: number, end: number): number {
  if (end - start < 9 || bytes[start + 5] !== 0x20 || bytes[start + 8] !== COLON) return 0
  for (const at of KLOG_DIGITS) if (bytes[start + at]! < 0x30 || bytes[start + at]! > 0x39) return 0
  const letter = bytes[start]!
  return letter === 0x49 ? 9 : letter === 0x57 ? 13 : letter === 0x45 ? 17 : letter === 0x46 ? 21 : 0
}

const KLOG_DIGITS = [1, 2, 3, 4, 6, 7]
