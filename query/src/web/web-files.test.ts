import { mkdir, mkdtemp, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildApp } from '../app.ts'
import { testDeps } from '../testing/test-app.ts'

const SCRIPT = 'console.log("long enough to be worth a squeeze");'.repeat(60)

describe('the exported web interface', () => {
  let directory: string
  let app: FastifyInstance
  const get = (url: string, headers: Record<string, string> = {}) =>
    app.inject({ method: 'GET', url, headers: { host: 'localhost', accept: 'text/html', ...headers } })

  beforeAll(async () => {
    directory = path.join(await mkdtemp(path.join(tmpdir(), 'skein-web-')), 'out')
    await mkdir(path.join(directory, '_next/static/chunks'), { recursive: true })
    await mkdir(path.join(directory, 'services'), { recursive: true })
    await mkdir(path.join(directory, 'trace'), { recursive: true })
    await writeFile(path.join(directory, 'index.html'), '<script>boot()</script><h1>Overview</h1>')
    await writeFile(path.join(directory, '404.html'), '<h1>Not here</h1>')
    await writeFile(path.join(directory, 'services.html'), '<h1>Services</h1>')
    await writeFile(path.join(directory, 'services.txt'), 'payload')
    await writeFile(path.join(directory, 'services/__next._tree.txt'), 'tree')
    await writeFile(path.join(directory, 'trace/index.html'), '<h1>Trace</h1>')
    await writeFile(path.join(directory, '_next/static/chunks/a1.js'), SCRIPT)
    await writeFile(path.join(directory, '../secret.txt'), 'secret')
    await symlink('../secret.txt', path.join(directory, 'link.txt'))
    app = await buildApp(testDeps({ webDirectory: directory }))
  })
  afterAll(async () => {
    await app.close()
    await rm(path.dirname(directory), { recursive: true })
  })

  it.each([
    ['/', 'Overview'],
    ['/?range=now-1h', 'Overview'],
    ['/services', 'Services'],
    ['/services/', 'Services'],
    ['/services.html', 'Services'],
    ['/trace?id=abc', 'Trace'],
    ['/trace/', 'Trace'],
    ['/services.txt?_rsc=1', 'payload'],
    ['/services/__next._tree.txt', 'tree'],
  ])('%s is there', async (url, text) => {
    const response = await get(url)
    expect(response.statusCode).toBe(200)
    expect(response.body).toContain(text)
  })

  it('has a policy of its own for each page, and is asked for again each time', async () => {
    const index = await get('/')
    expect(index.headers['content-security-policy']).toContain("script-src 'self' 'sha256-")
    expect(index.headers['cache-control']).toBe('no-cache')
    expect((await get('/services')).headers['content-security-policy']).toContain("script-src 'self';")
    expect((await get('/services.txt')).headers['content-security-policy']).toBe("default-src 'none'; frame-ancestors 'none'")
  })

  it('keeps what has a hash in its name for ever', async () => {
    expect((await get('/_next/static/chunks/a1.js')).headers['cache-control']).toBe('public, max-age=31536000, immutable')
  })

  it('lets a worker load its code and ask the API, and nothing else', async () => {
    const policy = "default-src 'none'; script-src 'self'; connect-src 'self'"
    expect((await get('/_next/static/chunks/a1.js')).headers['content-security-policy']).toBe(policy)
  })

  it('answers 304 to who has it already', async () => {
    const etag = String((await get('/services')).headers.etag)
    const again = await get('/services', { 'if-none-match': etag })
    expect([again.statusCode, again.body]).toEqual([304, ''])
  })

  it('comes squeezed as the browser likes it', async () => {
    const [br, gzip, plain] = await Promise.all(
      ['br', 'gzip', 'identity'].map((encoding) => get('/_next/static/chunks/a1.js', { 'accept-encoding': encoding })),
    )
    expect(brotliDecompressSync(br?.rawPayload ?? Buffer.alloc(0)).toString()).toBe(SCRIPT)
    expect(gunzipSync(gzip?.rawPayload ?? Buffer.alloc(0)).toString()).toBe(SCRIPT)
    expect(plain?.body).toBe(SCRIPT)
    expect(br?.headers.vary).toContain('accept-encoding')
  })

  it.each([
    '/nothing',
    '/secret.txt',
    '/../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/services/../../secret.txt',
    '/link.txt',
    '/%00',
    '/%',
    '//secret.txt',
    '/_next/static/chunks',
    '/.git/config',
  ])('%s is not', async (url) => {
    const response = await get(url)
    expect(response.statusCode).toBeGreaterThanOrEqual(400)
    expect(response.statusCode).toBeLessThan(500)
    expect(response.body).not.toContain('secret\n')
    expect(response.body === 'secret').toBe(false)
  })

  it('has a page for people who went wrong, and a problem for programs', async () => {
    const page = await get('/nothing')
    expect([page.statusCode, page.body]).toEqual([404, '<h1>Not here</h1>'])
    const program = await get('/nothing', { accept: 'application/json' })
    expect(program.json()).toMatchObject({ code: 'not_found' })
    expect((await get('/api/nothing')).json()).toMatchObject({ code: 'not_found' })
  })

  it('that is built anew is served anew, with its own scripts and policy', async () => {
    const rebuilt = path.join(directory, '../rebuilt')
    await mkdir(path.join(rebuilt, '_next/static'), { recursive: true })
    await writeFile(path.join(rebuilt, 'index.html'), '<script>one()</script>')
    const running = await buildApp(testDeps({ webDirectory: rebuilt }))
    const ask = (url: string) => running.inject({ url, headers: { host: 'localhost', accept: 'text/html' } })
    const before = await ask('/')
    await writeFile(path.join(rebuilt, 'index.html'), '<script>two()</script>')
    await utimes(path.join(rebuilt, 'index.html'), 1, 1)
    await writeFile(path.join(rebuilt, '_next/static/b2.js'), SCRIPT)
    const after = await ask('/')
    expect([before.body, after.body]).toEqual(['<script>one()</script>', '<script>two()</script>'])
    expect(after.headers['content-security-policy']).not.toBe(before.headers['content-security-policy'])
    expect((await ask('/_next/static/b2.js')).statusCode).toBe(200)
    await rm(rebuilt, { recursive: true })
    expect((await ask('/')).statusCode).toBe(404)
    await running.close()
  })

  it('that is not built says how to build it, and the API still answers', async () => {
    const bare = await buildApp(testDeps({ webDirectory: path.join(directory, 'none') }))
    const page = await bare.inject({ url: '/', headers: { host: 'localhost', accept: 'text/html' } })
    expect([page.statusCode, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8'])
    expect(page.body).toContain('npm run build')
    expect((await bare.inject({ url: '/map', headers: { host: 'localhost', accept: 'text/html' } })).statusCode).toBe(404)
    expect((await bare.inject({ url: '/api/status', headers: { host: 'localhost' } })).statusCode).toBe(200)
    await bare.close()
  })
})
