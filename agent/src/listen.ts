import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A server of the agent cannot listen where it was told to; `message` is the sentence that says what to mend. */
export class ListenError extends Error {
  override readonly name = 'ListenError'
}

export interface Listening {
  host: string
  port: number
  /** Names of the settings of both, as in the environment; no host is set for what listens on loopback alone. */
  settings: { host?: string; port: string }
  /** Told of what the system cannot accept later, such as a connection without a file descriptor left for it. */
  failed: (error: Error) => void
}

/** Resolves with the port; rejects with `ListenError`. Whatever befalls the server afterwards ends nobody's process. */
export function listen(server: Server, { host, port, settings, failed }: Listening): Promise<number> {
  return new Promise((resolve, reject) => {
    const refused = (error: NodeJS.ErrnoException): void => reject(new ListenError(sentenceOf(error, { host, port, settings })))
    server.once('error', refused)
    server.listen(port, host, () => {
      server.off('error', refused)
      server.on('error', failed)
      resolve((server.address() as AddressInfo).port)
    })
  })
}

function sentenceOf({ code = '', message }: NodeJS.ErrnoException, { host, port, settings }: Omit<Listening, 'failed'>): string {
  const asHost = settings.host === undefined ? '' : ` (${settings.host})`
  if (code === 'EADDRINUSE') return `Port ${port} is in use on ${host}: stop what listens there, or set ${settings.port} to another.`
  if (code === 'EACCES') return `Port ${port} needs rights that this user does not have: set ${settings.port} to one above 1023.`
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return `The address ${host}${asHost} is not one of this machine's: give one that is, or 0.0.0.0 for all.`
  return `Port ${port} of ${host} cannot be listened on (${settings.port}${asHost}): ${message}.`
}
