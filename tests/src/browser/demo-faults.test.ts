import { startControl } from '@skein/demo/control-server'
import { FAULTS, type FaultId } from '@skein/demo/faults'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Locator } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { apiOf } from '../harness/api.ts'
import { send } from '../harness/http.ts'
import { launchChromium } from './chromium.ts'
import { edgeId, type Operator, startOperator } from './demo-operator.ts'
import { picture, type Visit, visit } from './visit.ts'

/** What a person has at night, from the Overview to whom to wake. */
const FOUND_WITHIN_MS = 110_000
const MINUTE_MS = 60_000

const browser = await launchChromium()
let operator: Operator
let control: Awaited<ReturnType<typeof startControl>>
let opened: Visit | null = null
/** A version is new when a minute before it had another. */
let released: Promise<void>

beforeAll(async () => {
  operator = await startOperator()
  control = await startControl(operator.demo, 0)
  // These take their time, so they come while the others are looked at.
  await switchOn('queue')
  released = sleep(MINUTE_MS - (Date.now() % MINUTE_MS)).then(() => switchOn('release'))
  // whoever waits for it is told; without its test nobody does, and the demo may have ended by then
  released.catch(() => undefined)
})
afterEach(async () => {
  await opened?.close()
  opened = null
})
afterAll(async () => {
  await browser?.close()
  control?.stop()
  await operator?.stop()
})

async function open(path: string) {
  if (browser === null) throw new Error('no browser')
  opened = await visit(browser, `${operator.skein.api}${path}${path.includes('?') ? '&' : '?'}lang=en&theme=light`)
  return opened.page
}

/** As a person beside the demo would. */
async function switchOn(id: FaultId): Promise<void> {
  const headers = { 'content-type': 'application/json' }
  expect((await send(`${control.url}/faults/${id}`, { method: 'PUT', headers, body: '{"on":true}' })).status).toBe(200)
}

async function overviewWith(id: FaultId) {
  await switchOn(id)
  const page = await open('/')
  return { page, wrong: page.getByRole('region', { name: 'What is wrong now' }), panel: page.getByRole('complementary') }
}

const blameOf = (id: FaultId) => {
  const fault = FAULTS.find((each) => each.id === id)
  if (fault === undefined) throw new Error(`there is no fault ${id}`)
  const { edge, ...rest } = fault.blame
  return { ...rest, edge, title: `${edge?.source} → ${edge?.target}` }
}

/** The row of the Overview about an edge. */
const rowOf = (wrong: Locator, title: string): Locator => wrong.getByRole('listitem').filter({ has: wrong.page().getByRole('heading', { name: title }) })

const poll = <T>(read: () => T | Promise<T>) => expect.poll(read, { timeout: FOUND_WITHIN_MS, interval: 500 })

describe.skipIf(browser === null)('from the Overview to who is to blame', () => {
  it('a connection per call: the edge that loses time, with how much of it is on the way', async () => {
    const { title } = blameOf('connections')
    const { page, wrong, panel } = await overviewWith('connections')
    await rowOf(wrong, title).getByRole('link', { name: 'Open map' }).click({ timeout: FOUND_WITHIN_MS })
    await panel.getByRole('heading', { name: title }).waitFor()
    await poll(() => panel.innerText()).toMatch(/network[\s\S]*7\d\d ms/i)
    await picture(page, 'fault-connections')
  })

  it('a failing partner: the edge whose calls fail', async () => {
    const { title } = blameOf('partner')
    const { page, wrong, panel } = await overviewWith('partner')
    const row = rowOf(wrong, title)
    await row.waitFor({ timeout: FOUND_WITHIN_MS })
    expect(await row.getByRole('heading').innerText()).toContain('returns errors')
    await row.getByRole('link', { name: 'Open map' }).click()
    await panel.getByRole('heading', { name: title }).waitFor()
    await picture(page, 'fault-partner')
  })

  it('a bad instance: the service, and which of its instances fails', async () => {
    const { title, instance } = blameOf('instance')
    const { page, wrong } = await overviewWith('instance')
    await rowOf(wrong, title).getByRole('link', { name: 'Open service' }).click({ timeout: FOUND_WITHIN_MS })
    const rows = page.getByRole('region', { name: 'Instances' }).getByRole('row')
    const errorsOf = async (name: string): Promise<number> => Number(/([\d.]+)\s*%/.exec(await rows.filter({ hasText: name }).innerText())?.[1])
    await poll(() => errorsOf(instance ?? '')).toBeGreaterThan(10)
    expect(await errorsOf('epg-1')).toBeLessThan(10)
    await picture(page, 'fault-instance')
    // the panel of the node, whose list may be cut, begins with the one that fails
    const { nodes } = await apiOf(operator.skein.api).topology()
    await page.goto(`${operator.skein.api}/map?node=${nodes.find(({ name, kind }) => kind === 'service' && name === 'epg')?.id}&lang=en&theme=light`)
    const listed = page.getByRole('complementary').getByRole('table', { name: 'Instances' }).getByRole('row')
    await poll(() => listed.nth(1).innerText()).toContain(instance)
  })

  it('a slow database: where the time of an entry goes', async () => {
    const { title } = blameOf('database')
    const { page } = await overviewWith('database')
    await page.getByRole('navigation').getByRole('link', { name: 'Bottlenecks' }).click()
    const main = page.getByRole('main')
    await page.waitForURL(/\/bottlenecks/)
    await page.goto(`${operator.skein.api}/bottlenecks?service=gateway&operation=${encodeURIComponent('GET /epg')}&lang=en&theme=light`)
    await poll(() => main.innerText()).toContain(`of their time waiting for ${title}`)
    await picture(page, 'fault-database')
  })

  it('a release that adds a call: the version among what changed, and the new edge', async () => {
    const { node, version, title } = blameOf('release')
    await released
    const page = await open('/')
    const changed = page.getByRole('region', { name: 'What changed' })
    await poll(() => changed.innerText()).toMatch(new RegExp(`${node}[\\s\\S]*${version}`))
    await picture(page, 'fault-release')
    const [source = '', target = ''] = title.split(' → ')
    expect(await edgeId(operator.skein, source, target)).not.toBe('')
  })

  it('a queue that backs up: the edge on which messages wait', async () => {
    const { title, edge } = blameOf('queue')
    await overviewWith('queue')
    await opened?.close()
    const page = await open(`/map?edge=${await edgeId(operator.skein, edge?.source ?? '', edge?.target ?? '')}`)
    const panel = page.getByRole('complementary')
    await panel.getByRole('heading', { name: title }).waitFor()
    await poll(async () => Number(/queue wait[^\d]*([\d.]+) s/i.exec(await panel.innerText())?.[1])).toBeGreaterThan(2)
    await picture(page, 'fault-queue')
    await poll(() => panel.getByRole('region', { name: 'Exemplars' }).innerText()).toMatch(/[\d.]+ s in the queue/)
    await panel.getByRole('link', { name: /^Queue wait/ }).click()
    await page.waitForURL(/\/trace\?.*span=/)
    await poll(() => page.getByRole('main').innerText()).toContain(title.split(' → ')[1])
  })
})
