import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FastifyInstance } from 'fastify'
import { buildApp } from './app.ts'
import { testDeps } from './testing/test-app.ts'

interface Operation {
  operationId: string
  summary?: string
  tags?: string[]
  parameters?: { name: string; in: string; required?: boolean; schema: object }[]
  responses: Record<string, { content?: Record<string, { schema: object }> }>
}

interface Document {
  openapi: string
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, object> }
}

describe('the OpenAPI document', () => {
  let app: FastifyInstance
  let document: Document
  beforeAll(async () => {
    app = await buildApp(testDeps())
    document = (await app.inject({ url: '/api/openapi.json', headers: { host: 'localhost' } })).json<Document>()
  })
  afterAll(() => app.close())

  const operations = () => Object.entries(document.paths).flatMap(([path, methods]) => Object.values(methods).map((operation) => ({ path, operation })))

  it('is OpenAPI 3.1 and names every route of the API', () => {
    expect(document.openapi).toBe('3.1.0')
    expect(
      Object.keys(document.paths)
        .filter((path) => !path.startsWith('/jaeger/'))
        .toSorted(),
    ).toEqual([
      '/api/bottlenecks',
      '/api/events',
      '/api/intake',
      '/api/logs',
      '/api/logs/drops',
      '/api/logs/export',
      '/api/logs/facets',
      '/api/logs/fields',
      '/api/logs/histogram',
      '/api/logs/metrics',
      '/api/logs/metrics/{name}',
      '/api/logs/patterns',
      '/api/logs/rules',
      '/api/logs/rules/debug',
      '/api/logs/rules/dry-run',
      '/api/logs/rules/export',
      '/api/logs/rules/import',
      '/api/logs/rules/order',
      '/api/logs/rules/{id}',
      '/api/logs/rules/{id}/diff',
      '/api/logs/rules/{id}/rollback',
      '/api/logs/rules/{id}/versions',
      '/api/logs/tail',
      '/api/logs/values',
      '/api/logs/{id}/context',
      '/api/network-probes',
      '/api/openapi.json',
      '/api/scenarios',
      '/api/scenarios/preview',
      '/api/scenarios/proposals',
      '/api/scenarios/{id}',
      '/api/scenarios/{id}/funnel',
      '/api/scenarios/{id}/map',
      '/api/scenarios/{id}/replay',
      '/api/scenarios/{id}/runs',
      '/api/services',
      '/api/services/{name}',
      '/api/services/{name}/instances',
      '/api/services/{name}/operations',
      '/api/services/{name}/series',
      '/api/sessions/{id}/replay',
      '/api/status',
      '/api/topology',
      '/api/topology/diff',
      '/api/topology/edges/{id}',
      '/api/topology/frames',
      '/api/traces',
      '/api/traces/attributes',
      '/api/traces/comparison',
      '/api/traces/facets',
      '/api/traces/points',
      '/api/traces/{traceId}',
      '/api/traces/{traceId}/links',
    ])
    expect(
      Object.keys(document.paths)
        .filter((path) => path.startsWith('/jaeger/'))
        .toSorted(),
    ).toEqual([
      '/jaeger/api/dependencies',
      '/jaeger/api/operations',
      '/jaeger/api/services',
      '/jaeger/api/services/{service}/operations',
      '/jaeger/api/traces',
      '/jaeger/api/traces/{traceID}',
      '/jaeger/api/v3/operations',
      '/jaeger/api/v3/services',
      '/jaeger/api/v3/trace-summaries',
      '/jaeger/api/v3/traces',
      '/jaeger/api/v3/traces/{traceId}',
    ])
  })

  it('has a summary, a tag, an answer and a problem for each, and a name that is its own', () => {
    for (const { path, operation } of operations()) {
      expect(operation.summary, path).toMatch(/\w/)
      expect(operation.tags, path).toHaveLength(1)
      expect(
        [
          ['200', 'default'],
          ['201', 'default'],
          ['200', '204', 'default'],
        ],
        path,
      ).toContainEqual(Object.keys(operation.responses))
      const problem = path.startsWith('/jaeger/') ? 'application/json' : 'application/problem+json'
      expect(Object.keys(operation.responses['default']?.content ?? {}), path).toEqual([problem])
    }
    const ids = operations().map(({ operation }) => operation.operationId)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids).toContain('getTopologyEdgesById')
  })

  it('requires exactly the parameters that are in the path, and a time where nothing can be found without', () => {
    const alsoRequired: Readonly<Record<string, string>> = { '/api/logs/values': 'field' }
    for (const { path, operation } of operations()) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
      const parameters = operation.parameters ?? []
      expect(parameters.filter((each) => each.in === 'path').map((each) => each.name)).toEqual(inPath)
      const required = new Set(parameters.filter((each) => each.required).map((each) => each.name))
      expect(required, path).toEqual(new Set([alsoRequired[path] ?? [], inPath].flat()))
    }
  })

  it('has schemas that are schemas, all that are pointed at and no others', () => {
    const ajv = new Ajv2020({ strict: false, formats: { uri: true } })
    ajv.addSchema({ $id: 'skein', ...document })
    for (const name of Object.keys(document.components.schemas)) expect(ajv.getSchema(`skein#/components/schemas/${name}`), name).toBeTypeOf('function')
    const text = JSON.stringify(document)
    for (const name of Object.keys(document.components.schemas)) expect(text, name).toContain(`"#/components/schemas/${name}"`)
  })

  it.each([
    ['/api/status', '/api/status'],
    ['/api/topology', '/api/topology'],
    ['/api/traces', '/api/traces?limit=5'],
    ['/api/services/{name}/series', '/api/services/epg/series'],
    ['/api/intake', '/api/intake'],
  ])('tells the truth about %s', async (path, url) => {
    const ajv = new Ajv2020({ strict: false, formats: { uri: true } })
    ajv.addSchema({ $id: 'skein', ...document })
    const pointer = `skein#/paths/${path.replaceAll('/', '~1').replaceAll('{', '%7B').replaceAll('}', '%7D')}/get/responses/200/content/application~1json/schema`
    const valid = ajv.getSchema(pointer)
    if (valid === undefined) throw new Error(`no schema at ${pointer}`)
    expect(valid((await app.inject({ url, headers: { host: 'localhost' } })).json()), JSON.stringify(valid.errors)).toBe(true)
  })

  it('is answered 304 to who has it already', async () => {
    const first = await app.inject({ url: '/api/openapi.json', headers: { host: 'localhost' } })
    expect(first.headers['cache-control']).toBe('private, no-cache')
    const again = await app.inject({ url: '/api/openapi.json', headers: { host: 'localhost', 'if-none-match': String(first.headers.etag) } })
    expect([again.statusCode, again.body]).toEqual([304, ''])
  })

  it('is read in Chinese too: what every path does, takes and answers', async () => {
    const said = new Set<string>()
    const gather = (part: unknown): void => {
      if (typeof part !== 'object' || part === null) return
      for (const [key, value] of Object.entries(part)) {
        if ((key === 'description' || key === 'summary') && typeof value === 'string') said.add(value)
        else gather(value)
      }
    }
    gather(document.paths)
    const chinese = (await app.inject({ url: '/api/docs/zh.json', headers: { host: 'localhost' } })).json<Record<string, string>>()
    expect([...said].filter((sentence) => chinese[sentence] === undefined)).toEqual([])
  })

  it('has a page for people, with nothing from elsewhere and nothing inline', async () => {
    const page = await app.inject({ url: '/api/docs', headers: { host: 'localhost' } })
    expect(page.statusCode).toBe(200)
    expect(page.body).not.toMatch(/https?:\/\//)
    expect(page.headers['content-security-policy']).toContain("script-src 'self';")
    for (const [, url = ''] of page.body.matchAll(/(?:src|href)="(\/api\/docs\/[^"]+)"/g)) {
      expect((await app.inject({ url, headers: { host: 'localhost' } })).statusCode, url).toBe(200)
    }
  })
})
