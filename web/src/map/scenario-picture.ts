import type { ScenarioMapAnswer } from '@skein/schemas/api/scenario-map'
import type { Collapsed } from './collapse.ts'
import type { EdgePicture, EdgeStroke } from './edge-look.ts'

/** What runs of a scenario did at one place of the map. */
export interface LivedPlace {
  runs: number
  /** Runs in which a call failed here; 0 of nodes. */
  erredRuns: number
  failedRuns: number
  slowRuns: number
}

/** Runs of a scenario on the map as it is shown; null where none passed. */
export interface LivedMap {
  name: string
  /** Runs looked at. */
  total: number
  edge: (id: string) => LivedPlace | null
  node: (id: string) => LivedPlace | null
}

/** A closed group, or what joins two, has the most runs of any member: which of them are the same is not told. A run is blamed on one place. */
export function livedMap(answer: ScenarioMapAnswer, { closed, joined }: Pick<Collapsed, 'closed' | 'joined'>): LivedMap {
  const edges = new Map(answer.edges.map((edge) => [edge.id, edge]))
  const nodes = new Map(answer.nodes.map((node) => [node.id, { ...node, erredRuns: 0 }]))
  const placeOf = (places: ReadonlyMap<string, LivedPlace>, ids: readonly string[]) => together(ids.flatMap((id) => places.get(id) ?? []))
  return {
    name: answer.name,
    total: answer.runs,
    edge: (id) => placeOf(edges, joined.get(id)?.map((edge) => edge.id) ?? [id]),
    node: (id) => placeOf(nodes, closed.get(id)?.map((node) => node.id) ?? [id]),
  }
}

function together(places: readonly LivedPlace[]): LivedPlace | null {
  if (places.length === 0) return null
  const most = (key: 'runs' | 'erredRuns'): number => places.reduce((largest, place) => Math.max(largest, place[key]), 0)
  const sum = (key: 'failedRuns' | 'slowRuns'): number => places.reduce((total, place) => total + place[key], 0)
  return { runs: most('runs'), erredRuns: most('erredRuns'), failedRuns: sum('failedRuns'), slowRuns: sum('slowRuns') }
}

const STEPS = 4

/** Blame before passage: who failed, who was slow, else the share of the runs that passed. */
export function livedStroke({ runs, failedRuns, slowRuns }: LivedPlace, total: number): EdgeStroke {
  if (failedRuns > 0) return 'bad'
  if (slowRuns > 0) return 'degraded'
  const step = Math.min(STEPS, Math.max(1, Math.ceil((runs / Math.max(1, total)) * STEPS))) as 1 | 2 | 3 | 4
  return `seq${step}`
}

/** The way of the runs stands out with how many took it, and the rest fades. `words` says a place in a few letters. */
export function scenarioPicture(lived: LivedMap, words: (place: LivedPlace) => string): EdgePicture {
  const said = (place: LivedPlace | null): string | null => (place === null ? null : words(place))
  return {
    look: (edge, look) => {
      const place = lived.edge(edge.id)
      return place === null ? { ...look, stroke: 'plain' } : { ...look, widthPx: Math.max(2.5, look.widthPx), stroke: livedStroke(place, lived.total) }
    },
    tag: (edge) => said(lived.edge(edge.id)),
    faded: (edge) => lived.edge(edge.id) === null,
    detail: (node) => said(lived.node(node.id)),
  }
}
