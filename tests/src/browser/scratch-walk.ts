import { launchChromium } from './chromium.ts'
import { visit, picture, sidewaysOverflow } from './visit.ts'
const api = 'http://127.0.0.1:8080'
const get = async (p: string) => (await (await fetch(api + p)).json()) as any
const topo = await get('/api/topology?minutes=15').then((t) => (t.nodes ? t : get('/api/topology')))
const edge = topo.edges.find((e: any) => JSON.stringify(e).includes('postgresql')) ?? topo.edges[0]
console.log('nodes', topo.nodes?.length, 'edges', topo.edges?.length, JSON.stringify(edge).slice(0, 600))
const node = topo.nodes.find((n: any) => n.name === 'epg')
const traces = await get('/api/traces?service=epg&sort=longest&limit=20')
const scen = await get('/api/scenarios')
const sc = (scen.scenarios ?? scen)[0]
console.log(JSON.stringify(sc).slice(0, 300))
const runs = await get(`/api/scenarios/${sc.id}/runs`).catch(() => null)
console.log(JSON.stringify(runs).slice(0, 500))
const t0 = traces.traces[0].traceId, t1 = traces.traces.at(-1).traceId
const run = runs?.runs?.[0]
const paths: Record<string, string> = {
  overview: '/?', map: '/map?', 'map-edge': `/map?edge=${edge.id ?? edge.edgeId}`, 'map-node': `/map?node=${node.id}`, 'map-table': '/map?view=table',
  services: '/services?', service: '/service?name=epg', traces: '/traces?service=epg', trace: `/trace?id=${t0}`, 'two-traces': `/trace?id=${t0}&other=${t1}`,
  bottlenecks: '/bottlenecks?service=gateway&operation=' + encodeURIComponent('GET /epg'), scenarios: '/scenarios?', scenario: `/scenario?id=${sc.id}`,
  replay: `/replay?scenario=${sc.id}`, compare: '/compare?', network: '/network?', logs: '/logs?', intake: '/intake?',
  ...(process.argv[3] ? JSON.parse(process.argv[3]) : {}),
}
const only = process.argv[2]?.split(',')
const looks = [['light', 'en', 1440], ['dark', 'zh', 1440], ['light', 'en', 390]] as const
const browser = await launchChromium()
for (const [name, path] of Object.entries(paths)) {
  if (only && only[0] && !only.includes(name)) continue
  for (const [theme, lang, width] of looks) {
    const v = await visit(browser!, `${api}${path}${path.endsWith('?') ? '' : '&'}lang=${lang}&theme=${theme}`, { theme, lang, width })
    await v.page.waitForTimeout(2500)
    await picture(v.page, `${name}-${theme}-${lang}-${width}`)
    const over = await sidewaysOverflow(v.page)
    console.log(name, theme, width, v.page.url().slice(21, 120), v.problems, JSON.stringify(over).slice(0, 200))
    await v.close()
  }
}
await browser!.close()
