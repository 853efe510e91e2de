import { readFileSync } from 'node:fs'

const KIB = 1024

/** Resident bytes of a process now. */
export function residentBytes(pid: number): number {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * KIB
}
