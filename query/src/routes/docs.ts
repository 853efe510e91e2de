import { readFile } from 'node:fs/promises'
import type { App } from '../app-types.ts'
import { contentPolicyOf } from '../web/content-policy.ts'

const FILES = [
  { path: '/api/docs', file: 'page.html', type: 'text/html; charset=utf-8' },
  { path: '/api/docs/reader.js', file: 'reader.js', type: 'text/javascript; charset=utf-8' },
  { path: '/api/docs/zh.json', file: 'zh.json', type: 'application/json; charset=utf-8' },
  { path: '/api/docs/reader.css', file: 'reader.css', type: 'text/css; charset=utf-8' },
]

/** A page that reads the OpenAPI document to people. */
export async function docsRoutes(app: App): Promise<void> {
  const files = await Promise.all(FILES.map(async (each) => ({ ...each, text: await readFile(new URL(`../docs/${each.file}`, import.meta.url), 'utf8') })))
  for (const { path, type, text } of files) {
    app.get(path, { schema: { hide: true } }, async (_request, reply) => reply.type(type).header('content-security-policy', contentPolicyOf(text)).send(text))
  }
}
