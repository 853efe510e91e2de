import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { topologyAnswer, type TopologyAnswer, type TopologyEdge, type TopologyNode } from '@skein/schemas/api/topology'
import type { Locator, Page } from 'playwright-core'

/** The fixture of real size as an answer of the API: who calls whom is true, the numbers follow from the calls. */
export function largeTopology(answer: TopologyAnswer): TopologyAnswer {
  const [modelNode, modelEdge] = [answer.nodes.find((node) => node.kind === 'service'), answer.edges[0]]
  if (modelNode === undefined || modelEdge === undefined) throw new Error('the map is empty')
  const file = join(import.meta.dirname, '..', '..', '..', 'web', 'src', 'map', 'fixtures', 'large.csv')
  const lines = readFileSync(file, 'utf8').trim().split('\n').slice(1)
  const nodes = new Map<string, TopologyNode>()
  const nodeOf = (name: string): TopologyNode => {
    const known = nodes.get(name) ?? { ...modelNode, name, id: nodes.size.toString(16).padStart(16, '0'), calls: 0, errors: 0, health: 'ok' as const }
    nodes.set(name, known)
    return known
  }
  const edges = lines.map((line, index): TopologyEdge => {
    const [source = '', target = '', calls = '0'] = line.split(',')
    const [from, to] = [nodeOf(source), nodeOf(target)]
    to.calls += Number(calls)
    return {
      ...modelEdge,
      id: (index + 1).toString(16).padStart(16, 'e'),
      source: from.id,
      target: to.id,
      kind: 'http',
      calls: Number(calls),
      errors: 0,
      health: 'ok',
    }
  })
  return topologyAnswer.parse({ ...answer, nodes: [...nodes.values()], edges })
}

/** Time of each frame while the pointer drags the picture to and fro, ms. */
export async function framesWhilePanning(page: Page): Promise<number[]> {
  await page.evaluate(() => {
    const frames: number[] = []
    Object.assign(window, { frames })
    let last = performance.now()
    const next = (now: number) => {
      frames.push(now - last)
      last = now
      requestAnimationFrame(next)
    }
    requestAnimationFrame(next)
  })
  await page.mouse.move(700, 500)
  await page.mouse.down()
  for (let step = 0; step < 60; step++) await page.mouse.move(700 + Math.sin(step / 6) * 200, 500 + Math.cos(step / 6) * 120)
  await page.mouse.up()
  return page.evaluate(() => (window as unknown as { frames: number[] }).frames)
}

export function sayFrames(frames: readonly number[]): string {
  const sorted = frames.toSorted((a, b) => a - b)
  const at = (share: number): string => (sorted[Math.floor(sorted.length * share)] ?? 0).toFixed(1)
  return `p50 ${at(0.5)} ms, p95 ${at(0.95)} ms (${sorted.length} frames)`
}

/** Share of a canvas that is painted. */
export function inkOf(canvas: Locator): Promise<number> {
  return canvas.evaluate((element) => {
    const { width, height } = element as HTMLCanvasElement
    const data = (element as HTMLCanvasElement).getContext('2d')?.getImageData(0, 0, width, height).data ?? new Uint8ClampedArray()
    let painted = 0
    for (let at = 3; at < data.length; at += 400) if ((data[at] ?? 0) > 0) painted++
    return painted / Math.max(1, data.length / 400)
  })
}
