import { PATH_FINDINGS, type PathFindingKind } from '@skein/schemas/path'
import { tupleId } from '../topology/tuple-index.ts'
import type { Arena } from './arena.ts'
import type { PathNames } from './path-names.ts'
import { contributorAt } from './path-parts.ts'
import { FindingNumber, isCall, PartNumber, type PathWork, placeAt } from './path-work.ts'
import { addNumber, entryOf, seeSpan } from './tally.ts'
import { isError } from './trace-columns.ts'

/** From this many repeats of one call after each other they are a finding; so many different calls; so many calls of one span. */
const MIN_REPEATS = 5
const MIN_SEQUENTIAL = 3
const MIN_FAN_OUT = 16
/** Before the first call: a finding from this part of the trace. */
const MIN_BEFORE_SHARE = 0.1
/** Different calls of one span that are told apart. */
const MAX_GROUPS = 64

const FINDING = Object.fromEntries(PATH_FINDINGS.map((kind, at) => [kind, at])) as Record<PathFindingKind, number>

interface Sight {
  kind: PathFindingKind
  /** Path place whose operation it is about. */
  place: number
  target: number
  timeNs: number
  count: number
  savingNs: number
}

/** Calls of one span on the path with the same name to the same node, one after the other. */
interface Group {
  operation: number
  target: number
  place: number
  count: number
  timeNs: number
  retries: number
  retriedNs: number
}

/** What on the path could be otherwise, each kind once a span it is seen at. */
export function tallyFindings(work: PathWork, names: PathNames, arena: Arena): void {
  const { path, firstBelow } = work
  listBelow(work)
  for (let place = 0; place < path.size; place++) {
    if (firstBelow[place]! >= 0) callsOf(work, names, arena, place)
    if (isError(work.trace.flags[path.span[place]!]!) && !failsBelow(work, place)) {
      const timeNs = path.toNs[place]! - path.fromNs[place]!
      see(work, names, arena, { kind: 'errors_on_path', place, target: work.target[place]!, timeNs, count: 1, savingNs: 0 })
    }
  }
  beforeFirstCall(work, names, arena)
}

/** Places come in the order of the walk, from the end: so lists that are put together from the front are in the order of time. */
function listBelow({ path, firstBelow, nextBeside }: PathWork): void {
  firstBelow.fill(-1, 0, path.size)
  for (let place = 1; place < path.size; place++) {
    const parent = path.parent[place]!
    nextBeside[place] = firstBelow[parent]!
    firstBelow[parent] = place
  }
}

/** An error that comes from below is told there. */
function failsBelow({ path, trace, firstBelow, nextBeside }: PathWork, place: number): boolean {
  for (let child = firstBelow[place]!; child >= 0; child = nextBeside[child]!) if (isError(trace.flags[path.span[child]!]!)) return true
  return false
}

function callsOf(work: PathWork, names: PathNames, arena: Arena, parent: number): void {
  const { firstBelow, nextBeside } = work
  fanOut(work, names, arena, parent)
  if (nextBeside[firstBelow[parent]!]! < 0) return
  const groups: Group[] = []
  const all = { calls: 0, timeNs: 0 }
  let failed: Group | undefined
  for (let place = firstBelow[parent]!; place >= 0; place = nextBeside[place]!) {
    const span = work.path.span[place]!
    if (!isCall(work.trace.flags[span]!)) continue
    const group = groupOf(groups, { operation: arena.operation[work.trace.span[span]!]!, target: work.target[place]!, place })
    if (group === undefined) break
    const timeNs = work.path.toNs[place]! - work.path.fromNs[place]!
    all.calls++
    all.timeNs += timeNs
    if (failed === group) group.retries++
    group.count++
    group.timeNs += timeNs
    failed = isError(work.trace.flags[span]!) ? group : undefined
    if (failed !== undefined) group.retriedNs += timeNs
  }
  if (all.calls > 1) judge(work, names, arena, { groups, all, place: parent })
}

function groupOf(groups: Group[], call: { operation: number; target: number; place: number }): Group | undefined {
  const known = groups.find(({ operation, target }) => operation === call.operation && target === call.target)
  if (known !== undefined || groups.length === MAX_GROUPS) return known
  const group = { ...call, count: 0, timeNs: 0, retries: 0, retriedNs: 0 }
  groups.push(group)
  return group
}

function judge(work: PathWork, names: PathNames, arena: Arena, of: { groups: readonly Group[]; all: { calls: number; timeNs: number }; place: number }): void {
  const { groups, all } = of
  for (const { place, target, count, timeNs, retries, retriedNs } of groups) {
    if (count >= MIN_REPEATS && retries === 0) see(work, names, arena, { kind: 'n_plus_one', place, target, timeNs, count, savingNs: timeNs - timeNs / count })
    if (retries === 0) continue
    see(work, names, arena, { kind: 'retries', place, target, timeNs: retriedNs, count: retries, savingNs: retriedNs })
    addNumber(work.parts, entryOf(work.parts, contributorAt(work, names, arena, place)), PartNumber.retries, retries)
  }
  if (groups.length < MIN_SEQUENTIAL) return
  const longestNs = groups.reduce((most, { timeNs }) => Math.max(most, timeNs), 0)
  const savingNs = all.timeNs - longestNs
  see(work, names, arena, { kind: 'sequential_calls', place: of.place, target: -1, timeNs: all.timeNs, count: all.calls, savingNs })
}

function fanOut(work: PathWork, names: PathNames, arena: Arena, place: number): void {
  const { trace, path } = work
  const span = path.span[place]!
  if (trace.offsets[span + 1]! - trace.offsets[span]! < MIN_FAN_OUT) return
  let calls = 0
  for (let at = trace.offsets[span]!; at < trace.offsets[span + 1]!; at++) if (isCall(trace.flags[trace.children[at]!]!)) calls++
  if (calls < MIN_FAN_OUT) return
  const timeNs = path.toNs[place]! - path.fromNs[place]! - path.selfNs[place]!
  see(work, names, arena, { kind: 'fan_out', place, target: -1, timeNs, count: calls, savingNs: 0 })
}

/** From the start of the trace to the first call that was waited for. */
function beforeFirstCall(work: PathWork, names: PathNames, arena: Arena): void {
  const { path, trace } = work
  let firstNs = Number.POSITIVE_INFINITY
  for (let place = 1; place < path.size; place++) if (isCall(trace.flags[path.span[place]!]!)) firstNs = Math.min(firstNs, path.fromNs[place]!)
  const timeNs = firstNs - path.fromNs[0]!
  if (firstNs === Number.POSITIVE_INFINITY || timeNs < (path.toNs[0]! - path.fromNs[0]!) * MIN_BEFORE_SHARE) return
  see(work, names, arena, { kind: 'time_before_first_call', place: 0, target: -1, timeNs, count: 1, savingNs: timeNs })
}

function see(work: PathWork, names: PathNames, arena: Arena, sight: Sight): void {
  const { findings, path } = work
  const id = tupleId(names.findings, placeAt(work, names, arena, sight.place), sight.target, FINDING[sight.kind])
  const entry = entryOf(findings, id)
  addNumber(findings, entry, FindingNumber.timeNs, sight.timeNs)
  addNumber(findings, entry, FindingNumber.count, sight.count)
  addNumber(findings, entry, FindingNumber.savingNs, sight.savingNs)
  seeSpan(findings, entry, path.span[sight.place]!, sight.timeNs)
}
