import { type TopologyFramesAnswer, topologyFramesAnswer, topologyFramesParameters } from '@skein/schemas/api/topology-frames'
import type { EdgeFrame, EdgeRow } from '@skein/store/contract'
import type { App, RouteDeps } from '../app-types.ts'
import { framedEdges, framesOf } from '../compare/frames.ts'
import { invalidParameter } from '../problem-error.ts'
import { nameEdges } from '../topology/assemble.ts'
import { createKeptAnswers } from '../topology/kept-answers.ts'
import type { MergedEdge } from '../topology/merged-edge.ts'
import { edgeInScope, type Scope } from '../topology/scope.ts'
import { sendKept } from '../topology/send-kept.ts'
import { parseWindow, seriesSteps, type Window, windowAnswerOf } from '../window.ts'

const MAX_FRAMES = 300
const KEPT_BYTES = 32 * 1024 * 1024

interface FrameRows {
  edges: readonly EdgeRow[]
  frames: readonly EdgeFrame[]
}

export function topologyFramesRoute(app: App, deps: RouteDeps): void {
  const schema = {
    summary: 'The map step by step, for going through time',
    description: 'Values stand in the order of `edges`, which are those of the map of the same window and scope. Null: no call in this step.',
    tags: ['topology'],
    querystring: topologyFramesParameters.strict(),
    response: { 200: topologyFramesAnswer },
  }
  const kept = createKeptAnswers<FrameRows>(KEPT_BYTES, (a, b) => a.edges === b.edges && a.frames === b.frames)
  app.get('/api/topology/frames', { schema }, async (request, reply) => {
    const { stepSeconds, start, end, ...scope } = request.query
    const window = parseWindow({ start, end }, deps.clock())
    const steps = stepsOf(window, stepSeconds)
    const { tenant, rows, shown } = await deps.ask(request, (asker) => readFrames(deps, { tenant: asker, window, scope, ...steps }))
    const key = JSON.stringify([tenant, window, steps.stepSeconds, scope])
    const answer = kept.answerOf(
      key,
      rows,
      (): TopologyFramesAnswer => ({
        window: windowAnswerOf(window),
        stepSeconds: steps.stepSeconds,
        edges: shown.edges.map(({ edgeId }) => edgeId),
        frames: framesOf(rows.frames, steps.timesMs, shown.edges.length),
        notes: notesOf(shown),
      }),
    )
    return sendKept(request, reply, answer)
  })
}

function stepsOf(window: Window, stepSeconds: number | undefined): { stepSeconds: number; timesMs: number[] } {
  if (stepSeconds === undefined) return seriesSteps(window, MAX_FRAMES)
  const stepMs = stepSeconds * 1000
  const first = Math.floor(window.startMs / stepMs) * stepMs
  const frames = Math.ceil((window.endMs - first) / stepMs)
  if (frames > MAX_FRAMES) throw invalidParameter('stepSeconds', `makes ${frames} frames of this window, of at most ${MAX_FRAMES}`)
  return { stepSeconds, timesMs: Array.from({ length: frames }, (_, at) => first + at * stepMs) }
}

interface Wanted {
  tenant: string
  window: Window
  scope: Scope
  stepSeconds: number
  timesMs: readonly number[]
}

async function readFrames({ store }: RouteDeps, { tenant, window, scope, stepSeconds, timesMs }: Wanted) {
  const asked = { tenant, ...window }
  const [edges, services, addresses] = await Promise.all([store.topology.edges(asked), store.services.services(asked), store.services.addresses(asked)])
  const inside = nameEdges({ edges, services, addresses }).filter((edge) => edgeInScope(edge, scope))
  const shown = framedEdges(inside, timesMs.length)
  const frames = await store.topology.edgeFrames(
    asked,
    stepSeconds,
    shown.edges.map(({ storedIds }) => storedIds),
  )
  return { tenant, rows: { edges, frames }, shown }
}

function notesOf({ edges, leftOut }: { edges: readonly MergedEdge[]; leftOut: number }): TopologyFramesAnswer['notes'] {
  if (edges.length === 0) return [{ code: 'no_data', message: 'No calls in this window', count: 0 }]
  if (leftOut === 0) return []
  return [{ code: 'limit', message: `The least busy edges are left out (use longer steps or a narrower scope): ${leftOut}`, count: leftOut }]
}
