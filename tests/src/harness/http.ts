import { request } from 'node:http'

export interface Reply {
  /** 0 when the connection ended without an answer. */
  status: number
  headers: NodeJS.Dict<string | string[]>
  body: string
  ms: number
}

export interface Sending {
  method?: string
  headers?: Readonly<Record<string, string>>
  body?: Uint8Array | string
}

/** One request on a connection of its own, with whatever headers; never rejects. */
export function send(url: string, { method = 'POST', headers = {}, body = '' }: Sending): Promise<Reply> {
  const startedAt = performance.now()
  return new Promise((resolve) => {
    const end = (status: number, answer: NodeJS.Dict<string | string[]>, text: string): void =>
      resolve({ status, headers: answer, body: text, ms: performance.now() - startedAt })
    const outgoing = request(
      url,
      { method, agent: false, timeout: 20_000, headers: { 'content-length': String(Buffer.byteLength(body)), ...headers } },
      (answer) => {
        const chunks: Buffer[] = []
        answer.on('data', (chunk: Buffer) => chunks.push(chunk))
        answer.on('end', () => end(answer.statusCode ?? 0, answer.headers, Buffer.concat(chunks).toString()))
        answer.on('error', () => end(0, {}, ''))
      },
    )
    outgoing.on('timeout', () => outgoing.destroy())
    outgoing.on('error', () => end(0, {}, ''))
    outgoing.end(body)
  })
}

/** Posts a traces request as OTLP/JSON. */
export function sendJson(otlpHttp: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Reply> {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return send(`${otlpHttp}/v1/traces`, { headers: { 'content-type': 'application/json', ...headers }, body: text })
}
