import { stat } from 'node:fs/promises'
import path from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { readExport, type ExportedFile } from './exported-files.ts'

const YEAR_S = 31_536_000
/** The list of files is read again no sooner when one is missing. */
const MISSING_MS = 1000

export interface WebFiles {
  /** Null when there is no such file. */
  find(pathname: string): ExportedFile | null
  send(reply: FastifyReply, file: ExportedFile): void
}

/** Serves the exported web interface, also one that is built anew meanwhile, and says how to build it when it is not there. */
export async function installWebFiles(app: FastifyInstance, directory: string): Promise<WebFiles> {
  let builtMs = await builtAtMs(directory)
  let exported = await readExport(directory)
  const files: WebFiles = {
    find: (pathname) => exported?.get(decodePath(pathname)) ?? null,
    send(reply, { file, contentPolicy, immutable }) {
      if (contentPolicy !== null) reply.header('content-security-policy', contentPolicy)
      reply.header('cache-control', immutable ? `public, max-age=${YEAR_S}, immutable` : 'no-cache')
      reply.sendFile(file, { cacheControl: false })
    },
  }
  let readMs = performance.now()
  /** Pages name files and scripts of one build: those of another are neither listed nor allowed by the policy. A build writes its first page before its last file. */
  const readAnew = async (isMissing: boolean): Promise<void> => {
    const nowMs = await builtAtMs(directory)
    if (nowMs === builtMs && !(isMissing && performance.now() - readMs > MISSING_MS)) return
    readMs = performance.now()
    builtMs = nowMs
    exported = (await readExport(directory)) ?? exported
  }
  if (exported === null) {
    app.get('/', { schema: { hide: true } }, async (_request, reply) =>
      reply.type('text/html; charset=utf-8').header('cache-control', 'no-store').send(NOT_BUILT),
    )
    return files
  }
  await app.register(fastifyStatic, { root: directory, serve: false, dotfiles: 'ignore' })
  app.get('/*', { schema: { hide: true } }, async (request, reply) => {
    const pathname = request.url.split('?', 1)[0] ?? ''
    const known = files.find(pathname)
    if (known?.immutable !== true) await readAnew(known === null)
    const found = files.find(pathname)
    if (found === null) reply.callNotFound()
    else files.send(reply, found)
    return reply
  })
  return files
}

/** When the first page was written, Unix ms; 0 when it is not there. */
async function builtAtMs(directory: string): Promise<number> {
  return stat(path.join(directory, 'index.html')).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  )
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
