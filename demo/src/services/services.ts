import { ORDER_MS } from '../faults.ts'
import { think, type Service } from './service.ts'

const CACHE_SECONDS = 30
const SLOW_LICENCE_MS = 300

function someViewer(): number {
  return 1000 + Math.floor(Math.random() * 9000)
}

const gateway: Service = (app, { call }) => {
  app.post('/login', async (_request, response) => void response.json(await call('account', 'POST', '/sessions')))
  app.get('/home', async (_request, response) => {
    const [recommended, catalogue] = await Promise.all([call('recommendation', 'GET', '/recommendations'), call('catalogue', 'GET', '/titles')])
    response.json({ recommended, catalogue })
  })
  app.get('/epg', async (_request, response) => void response.json(await call('epg', 'GET', '/channels/now')))
  app.post('/play/:title', async (request, response) => void response.json(await call('playback', 'POST', `/sessions/${request.params.title}`)))
  app.post('/orders', async (_request, response) => void response.json(await call('payment', 'POST', '/orders')))
}

const account: Service = (app, { database, cache, log }) => {
  app.post('/sessions', async (_request, response) => {
    await database('account').query('SELECT id, name FROM viewers WHERE id = $1', [1])
    await cache().set('session:1', '1', 'EX', CACHE_SECONDS)
    log.info(`session opened for viewer ${someViewer()}`)
    response.json({ session: 1 })
  })
  app.get('/entitlements/:viewer', async (_request, response) => {
    const known = await cache().get('session:1')
    if (known === null) log.debug('session 1 is not in the cache')
    if (known === null) await database('account').query('SELECT packages FROM viewers WHERE id = $1', [1])
    response.json({ packages: ['basic'] })
  })
}

const epg: Service = (app, { database, cache }) => {
  app.get('/channels/now', async (_request, response) => {
    await cache().get('epg:now')
    await database('catalogue').query('SELECT channel, title FROM programmes WHERE start <= $1 LIMIT 100', [1])
    await think(3)
    response.json({ channels: 100 })
  })
}

const catalogue: Service = (app, { database }) => {
  app.get('/titles', async (_request, response) => {
    await database('catalogue').query('SELECT id, title FROM titles ORDER BY added DESC LIMIT $1', [50])
    response.json({ titles: 50 })
  })
  app.get('/titles/:title', async (_request, response) => {
    await database('catalogue').query('SELECT id, title, manifest FROM titles WHERE id = $1', [1])
    response.json({ title: 1 })
  })
}

const recommendation: Service = (app, { call, cache, isNewRelease }) => {
  app.get('/recommendations', async (_request, response) => {
    await cache().get('taste:1')
    if (isNewRelease) await call('account', 'GET', '/entitlements/1')
    await think(8)
    response.json({ titles: await call('catalogue', 'GET', '/titles') })
  })
}

const playback: Service = (app, { call, log }) => {
  app.post('/sessions/:title', async (request, response) => {
    await call('account', 'GET', '/entitlements/1')
    const title = await call('catalogue', 'GET', `/titles/${request.params.title}`)
    const askedAt = performance.now()
    const licence = await call('drm', 'POST', '/license')
    const waitedMs = Math.round(performance.now() - askedAt)
    if (waitedMs > SLOW_LICENCE_MS) log.warn({ waitedMs }, `licence for title ${request.params.title} took ${waitedMs} ms`)
    log.info({ title: request.params.title }, `playback of title ${request.params.title} started for viewer ${someViewer()}`)
    response.json({ title, licence })
  })
}

const drm: Service = (app, { cache }) => {
  app.post('/license', async (_request, response) => {
    await cache().get('key:1')
    await think(5)
    response.json({ licence: 'ok' })
  })
}

const payment: Service = (app, { call, database, log, queue }) => {
  const orders = queue('orders')
  app.post('/orders', async (_request, response) => {
    await call('account', 'GET', '/entitlements/1')
    await call('pay.partner.example', 'POST', '/authorise', { cents: 499 })
    await database('orders').query('INSERT INTO orders (viewer, cents) VALUES ($1, $2)', [1, 499])
    orders.publish({ viewer: 1, cents: 499 })
    const viewer = someViewer()
    log.info(`receipt over 4.99 sent to viewer${viewer}@tv.example for card 4111 1111 1111 1111`)
    response.status(202).json({ order: 'accepted' })
  })
}

const orderWorker: Service = (_app, { call, database, has, log, queue }) => {
  queue('orders').subscribe(async (orders) => {
    for (const _order of orders) {
      if (has('queue')) await think(ORDER_MS)
      await database('orders').query('UPDATE orders SET done = true WHERE viewer = $1 AND NOT done', [1])
    }
    await call('account', 'GET', '/entitlements/1')
    log.info({ orders: orders.length }, `${orders.length} orders done`)
  })
}

export const SERVICES: Readonly<Record<string, Service>> = {
  gateway,
  account,
  epg,
  catalogue,
  recommendation,
  playback,
  drm,
  payment,
  'order-worker': orderWorker,
}
