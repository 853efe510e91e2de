import fastifySwagger from '@fastify/swagger'
import { problem } from '@skein/schemas/problem'
import type { FastifyInstance, FastifySchema, RouteOptions } from 'fastify'
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod'

const PROBLEM_ANSWER = {
  description: 'What went wrong, with a stable code and what to do about it',
  content: { 'application/problem+json': { schema: problem } },
}

/** Must be registered before the routes. Every route says that it may answer with a problem, and gets a name for generated clients. */
export async function installOpenapi(app: FastifyInstance, version: string): Promise<void> {
  app.addHook('onRoute', (route) => {
    if (route.schema !== undefined && route.schema.hide !== true) route.schema = describe(route, route.schema)
  })
  await app.register(fastifySwagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Skein',
        description:
          'Times in: RFC 3339, Unix ms, or now-15m. Times out: RFC 3339 UTC, or decimal strings in …UnixNano. A window starts and ends at whole minutes. Durations carry their unit.',
        version,
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      servers: [{ url: '/' }],
    },
    transform: jsonSchemaTransform,
    transformObject: (document) => withoutUnused(jsonSchemaTransformObject(document)),
  })
}

function describe(route: RouteOptions, schema: FastifySchema): FastifySchema {
  const answers = typeof schema.response === 'object' ? schema.response : {}
  return { ...schema, operationId: operationIdOf(route), response: { default: PROBLEM_ANSWER, ...answers } }
}

/** `GET /api/topology/edges/:id` is `getTopologyEdgesById`. */
function operationIdOf({ method, url }: RouteOptions): string {
  const words = url
    .replace(/^\/api\//, '')
    .split(/[/.]/)
    .map((word) => (word.startsWith(':') ? `By${capital(word.slice(1))}` : capital(word)))
  return `${String(method).toLowerCase()}${words.join('')}`
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1)
}

type TransformedDocument = ReturnType<typeof jsonSchemaTransformObject>

/** The generator writes every shape twice, as it is sent and as it is answered; only those that something points at are kept. */
function withoutUnused(document: TransformedDocument): TransformedDocument {
  if (!('components' in document) || document.components?.schemas === undefined) return document
  const { schemas } = document.components
  const used = new Set<string>()
  const reach = (part: unknown): void => {
    for (const [, name = ''] of JSON.stringify(part).matchAll(/"#\/components\/schemas\/([^"/]+)"/g)) {
      if (used.has(name)) continue
      used.add(name)
      reach(schemas[name])
    }
  }
  reach(document.paths)
  for (const name of Object.keys(schemas)) if (!used.has(name)) delete schemas[name]
  return document
}
