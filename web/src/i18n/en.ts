import { FAULTS, type FaultCode } from '@skein/schemas/fault'
import bottlenecks from './en/bottlenecks.json'
import compare from './en/compare.json'
import faults from './en/faults.json'
import frame from './en/frame.json'
import intake from './en/intake.json'
import logs from './en/logs.json'
import map from './en/map.json'
import network from './en/network.json'
import notes from './en/notes.json'
import overview from './en/overview.json'
import replay from './en/replay.json'
import scenarios from './en/scenarios.json'
import search from './en/search.json'
import service from './en/service.json'
import trace from './en/trace.json'
import traces from './en/traces.json'

/** The sentences of schemas themselves; as texts, since their values are of any code. */
const fault: Readonly<Record<FaultCode, string>> = FAULTS

/** One file a page; `frame` holds what all pages share. */
export const en = {
  ...frame,
  ...bottlenecks,
  ...compare,
  ...faults,
  fault,
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
