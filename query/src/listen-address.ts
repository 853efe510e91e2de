import type { Config } from '@skein/schemas/config'

/** Hosts that only this machine can reach. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host) || /^::ffff:127(\.\d{1,3}){3}$/.test(host)
}

/** What would listen where strangers can reach it. */
export class UnsafeAddressError extends Error {
  override readonly name = 'UnsafeAddressError'
}

/** Throws `UnsafeAddressError` when anyone on the network could read everything without saying who they are. */
export function assertSafeAddress(config: Pick<Config, 'host' | 'insecureHttp'>): void {
  if (isLoopback(config.host) || config.insecureHttp) return
  throw new UnsafeAddressError(
    `SKEIN_HOST is ${config.host}, which others than this machine can reach, and there are no users yet: anyone there could read all telemetry. ` +
      'Listen on 127.0.0.1, or set SKEIN_INSECURE_HTTP=true if the network itself keeps strangers out.',
  )
}
