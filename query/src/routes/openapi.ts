import { z } from 'zod'
import type { App } from '../app-types.ts'

export function openapiRoute(app: App): void {
  const schema = { summary: 'This document: OpenAPI 3.1', tags: ['platform'], response: { 200: z.record(z.string(), z.unknown()) } }
  app.get('/api/openapi.json', { schema }, async () => ({ ...app.swagger() }))
}
