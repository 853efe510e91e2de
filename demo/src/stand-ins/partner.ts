import { createServer, type Server } from 'node:http'

/** The payment partner: somebody else's server, which knows nothing of traces. While it fails, every second answer is 503. */
export function createPartnerStandIn(fails: () => boolean): Server {
  let calls = 0
  return createServer((request, response) => {
    request.resume()
    setTimeout(() => {
      if (fails() && calls++ % 2 === 0) return void response.writeHead(503).end()
      response.setHeader('content-type', 'application/json')
      response.end('{"authorised":true}')
    }, 35)
  })
}
