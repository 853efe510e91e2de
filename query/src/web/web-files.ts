import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { readExport, type ExportedFile } from './exported-files.ts'

const YEAR_S = 31_536_000

export interface WebFiles {
  /** Null when there is no such file. */
  find(pathname: string): ExportedFile | null
  send(reply: FastifyReply, file: ExportedFile): void
}

/** Serves the exported web interface, and says how to build it when it is not there. */
export async function installWebFiles(app: FastifyInstance, directory: string): Promise<WebFiles> {
  const exported = await readExport(directory)
  const files: WebFiles = {
    find: (pathname) => exported?.get(decodePath(pathname)) ?? null,
    send(reply, { file, contentPolicy, immutable }) {
      if (contentPolicy !== null) reply.header('content-security-policy', contentPolicy)
      reply.header('cache-control', immutable ? `public, max-age=${YEAR_S}, immutable` : 'no-cache')
      reply.sendFile(file, { cacheControl: false })
    },
  }
  if (exported === null) {
    app.get('/', { schema: { hide: true } }, async (_request, reply) =>
      reply.type('text/html; charset=utf-8').header('cache-control', 'no-store').send(NOT_BUILT),
    )
    return files
  }
  await app.register(fastifyStatic, { root: directory, serve: false, dotfiles: 'ignore' })
  app.get('/*', { schema: { hide: true } }, (request, reply) => {
    const found = files.find(request.url.split('?', 1)[0] ?? '')
    if (found === null) reply.callNotFound()
    else files.send(reply, found)
  })
  return files
}

function decodePath(pathname: string): string {
  try {
    return decodeURIComponent(pathname)
  } catch {
    return pathname
  }
}

const NOT_BUILT = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Skein</title>
<h1>Skein is running, its web interface is not built</h1>
<p>Build it with <code>npm run build -w web</code> and start Skein again.</p>
<p>The API answers: see <a href="/api/docs">its documentation</a> or <a href="/api/status">its status</a>.</p>
</html>
`
