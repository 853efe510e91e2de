import { StartError } from './start-error.ts'

/** What `--endpoint` says. Throws `StartError` when it is no address over HTTP. */
export function endpointFrom(word: string): string {
  if (URL.canParse(word) && /^https?:/.test(word)) return word
  throw new StartError(`--endpoint must be an address such as http://127.0.0.1:4318, not "${word}"`)
}

const WAIT_MS = 3000

/** Sends a request without spans, which every OTLP receiver accepts. Throws `StartError` that says why there is none, or what it wants. */
export async function mustAccept(endpoint: string, key: string | undefined): Promise<void> {
  const headers = { 'content-type': 'application/json', ...(key ? { 'x-skein-key': key } : {}) }
  const request = { method: 'POST', headers, body: '{"resourceSpans":[]}', signal: AbortSignal.timeout(WAIT_MS) }
  const response = await fetch(`${endpoint.replace(/\/+$/, '')}/v1/traces`, request).catch(() => null)
  if (response?.ok === true) return
  const startIt = 'start Skein first (npm start, in another terminal), or name where it is with --endpoint.'
  if (response === null) throw new StartError(`Nothing accepts traces at ${endpoint}: ${startIt}`)
  if (response.status === 401 || response.status === 403)
    throw new StartError(`${endpoint} wants ${key ? 'another' : 'a'} key: make one with skein keys create, and name it with --key.`)
  if (response.status === 404 || response.status === 405) throw new StartError(`${endpoint} is no OTLP receiver: ${startIt}`)
  throw new StartError(`${endpoint} accepts no traces now (${response.status}): skein doctor says what is wrong.`)
}
