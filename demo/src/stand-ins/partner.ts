import { createServer, type Server } from 'node:http'

/** The payment partner: somebody else's server, which knows nothing of traces. */
export function createPartnerStandIn(): Server {
  return createServer((request, response) => {
    request.resume()
    setTimeout(() => {
      response.setHeader('content-type', 'application/json')
      response.end('{"authorised":true}')
    }, 35)
  })
}
