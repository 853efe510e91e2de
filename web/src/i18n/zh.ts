import bottlenecks from './zh/bottlenecks.json'
import compare from './zh/compare.json'
import faults from './zh/faults.json'
import frame from './zh/frame.json'
import intake from './zh/intake.json'
import logs from './zh/logs.json'
import map from './zh/map.json'
import network from './zh/network.json'
import notes from './zh/notes.json'
import overview from './zh/overview.json'
import replay from './zh/replay.json'
import scenarios from './zh/scenarios.json'
import search from './zh/search.json'
import service from './zh/service.json'
import trace from './zh/trace.json'
import traces from './zh/traces.json'

/** One file a page; `frame` holds what all pages share. */
export const zh = {
  ...frame,
  ...bottlenecks,
  ...compare,
  ...faults,
  ...intake,
  ...logs,
  ...map,
  ...network,
  ...notes,
  ...overview,
  ...replay,
  ...scenarios,
  ...search,
  ...service,
  ...trace,
  ...traces,
}
