import { instancesAnswer } from '@skein/schemas/api/services'
import { edgeAnswer } from '@skein/schemas/api/topology'
import type { Locator, Page } from 'playwright-core'
import { expect, it } from 'vitest'
import type { SkeinUp } from '../harness/skein-process.ts'
import { edgeId } from './demo-operator.ts'
import { accessibilityProblems, picture, type Visit } from './visit.ts'

const LISTED = 12
const LISTED_OF_NODE = 20

/** What the lists of the map lead to, and what they leave out. */
export function mapLists(open: (query?: string) => Promise<Visit>, skein: () => SkeinUp): void {
  it('numbers of its table lead to the traces that they count, as those of the panel do', async () => {
    const { page } = await open('&view=table')
    const edge = page.getByRole('table', { name: 'Edges' }).locator('tbody tr').filter({ hasText: 'playback' }).filter({ hasText: 'drm' })
    const ofEdge = await linksOf(edge)
    for (const link of ofEdge) expect(link).toMatch(/^\/traces\?.*caller=playback&callee=drm/)
    expect(ofEdge.some((link) => link.includes('sort=longest'))).toBe(true)
    await page.getByText('Nodes', { exact: true }).click()
    const node = page
      .getByRole('table', { name: 'Nodes' })
      .locator('tbody tr')
      .filter({ has: page.getByText('drm', { exact: true }) })
    const ofNode = await linksOf(node)
    expect(ofNode.filter((link) => /^\/traces\?.*service=drm/.test(link)).length).toBeGreaterThanOrEqual(2)
    await node.first().getByRole('link').first().press('Enter')
    await page.getByRole('table', { name: 'Traces' }).locator('tbody tr').first().waitFor()
    expect(page.url()).toContain('service=drm')
  })

  it('instances that are not listed are one row that says how many, those that the answer leaves out among them', async () => {
    const { page, problems } = await open()
    const id = await edgeId(skein(), 'playback', 'drm')
    await manyInstances(page, id)
    await page.locator(`#edge-${id}`).focus()
    await page.keyboard.press('Enter')
    const rows = page.getByRole('table', { name: 'Called instances' }).locator('tbody tr')
    await expect.poll(() => rows.count(), { timeout: 15_000 }).toBe(LISTED + 1)
    expect((await rows.last().innerText()).replaceAll(/\s+/g, ' ')).toMatch(/^288 more 40 % [\d.]+\/(s|min) –$/)
    expect(await page.getByRole('region', { name: 'Called instances' }).innerText()).toContain('300')
    await rows.last().scrollIntoViewIfNeeded()
    await picture(page, 'instances-left-out')
    expect(await accessibilityProblems(page)).toEqual([])
    await page.route('**/api/services/drm/instances?*', async (route) => {
      const response = await route.fetch()
      const answer = instancesAnswer.parse(await response.json())
      const instances = Array.from({ length: LISTED_OF_NODE + 5 }, (_, i) => ({ ...answer.instances[0], instance: `drm-${i}` }))
      await route.fulfill({ response, json: { ...answer, instances } })
    })
    await page.locator('[id^="node-"]').filter({ hasText: /^drm/ }).first().focus()
    await page.keyboard.press('Enter')
    const ofNode = page.getByRole('table', { name: 'Instances', exact: true }).locator('tbody tr')
    await expect.poll(() => ofNode.count(), { timeout: 15_000 }).toBe(LISTED_OF_NODE + 1)
    expect(await ofNode.last().innerText()).toBe('5 more')
    expect(problems).toEqual([])
  })
}

async function linksOf(row: Locator): Promise<string[]> {
  await row.first().waitFor()
  return row
    .first()
    .getByRole('link')
    .evaluateAll((links) => links.map((link) => link.getAttribute('href') ?? ''))
}

/** The answer of an edge as if 300 instances were called, of which it tells 14: the first 12 of them have six tenths of the calls. */
async function manyInstances(page: Page, id: string): Promise<void> {
  await page.route(`**/api/topology/edges/${id}?*`, async (route) => {
    const response = await route.fetch()
    const answer = edgeAnswer.parse(await response.json())
    const instances = Array.from({ length: LISTED + 2 }, (_, i) => ({
      side: 'target' as const,
      instance: `drm-${i}`,
      calls: 50,
      errors: 0,
      p95Ms: 12,
      share: 0.05,
    }))
    await route.fulfill({ response, json: { ...answer, instances, otherInstances: { source: null, target: { instances: 286, calls: 300, errors: 0 } } } })
  })
}
