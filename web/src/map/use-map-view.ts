'use client'
import type { ScenarioMapAnswer } from '@skein/schemas/api/scenario-map'
import type { TopologyAnswer } from '@skein/schemas/api/topology'
import type { TopologyDiffAnswer } from '@skein/schemas/api/topology-diff'
import type { TopologyFramesAnswer } from '@skein/schemas/api/topology-frames'
import { useTranslations } from 'next-intl'
import { useMemo } from 'react'
import { useTopology } from '../api/questions.ts'
import type { Answer } from '../api/use-answer.ts'
import { useFormat } from '../format/use-format.ts'
import type { RatedWindow } from '../services/rated-window.ts'
import { useRatedWindow } from '../services/use-rated-window.ts'
import { absolute, type TimeRange } from '../url/time-range.ts'
import { collapse, type Collapsed } from './collapse.ts'
import { diffPicture, unionOf } from './diff-picture.ts'
import type { EdgePicture } from './edge-look.ts'
import { frameAt, topologyAt } from './frame-picture.ts'
import { groupsOf } from './groups.ts'
import { neighbourhood, type Topology } from './neighbourhood.ts'
import { overlayPicture } from './overlay.ts'
import { type LivedMap, livedMap, scenarioPicture } from './scenario-picture.ts'
import { type MapState, minuteOf } from './url.ts'
import { useTopologyDiff, useTopologyFrames } from './use-compared.ts'
import { useLivedWords, useScenarioMap } from './use-lived.ts'

/** More edges than this are not asked for minute by minute before somebody travels. */
const EDGES_WITHOUT_ASKING = 500

/** What the page shows of the answers for the present address: one value, from which picture, table and panels are drawn. */
export interface MapView {
  answer: TopologyAnswer
  /** All of it, at the moment or with the difference shown. */
  whole: Topology
  /** The part in focus, with closed groups joined. */
  shown: Collapsed
  groups: ReadonlyMap<string, string>
  picture: EdgePicture | null
  rated: RatedWindow
  /** What of the window the numbers are of, when it is a step of it. */
  step: TimeRange | null
  diff: TopologyDiffAnswer | null
  /** Runs of the scenario that is shown. */
  lived: LivedMap | null
}

export interface MapAnswers {
  topology: Answer<TopologyAnswer>
  diff: Answer<TopologyDiffAnswer>
  frames: Answer<TopologyFramesAnswer>
  /** Runs of the scenario to show; null where none is to be. */
  scenario: Answer<ScenarioMapAnswer> | null
  view: MapView | null
}

export function useMapView(state: MapState): MapAnswers {
  const topology = useTopology()
  const answer = topology.data
  const diff = useTopologyDiff(state.diff)
  const frames = useTopologyFrames(state.at !== '' || (answer !== undefined && answer.edges.length <= EDGES_WITHOUT_ASKING))
  const shownDiff = state.diff ? (diff.data ?? null) : null
  const frame = useMemo(() => (state.diff || state.at === '' ? null : frameOf(frames.data, state.at)), [state.diff, state.at, frames.data])
  const rated = useRated(answer, frame)
  const step = useMemo(() => stepOf(frame), [frame])
  const whole = useMemo(() => {
    if (answer === undefined) return undefined
    if (shownDiff !== null) return unionOf(answer, shownDiff)
    return frame === null ? answer : topologyAt(answer, frame.edges, frame.frame)
  }, [answer, shownDiff, frame])
  const { shown, groups } = useShown(whole, state)
  const { seconds, sinceMs } = rated
  const runs = useScenarioMap(state.diff ? '' : state.scenario)
  const lived = useLived(shown, state, runs.data)
  const picture = usePicture(shown, state, { seconds, diff: shownDiff, lived })
  // one value until one of its parts changes: the scene of thousands of edges is built from it
  const view = useMemo((): MapView | null => {
    if (answer === undefined || whole === undefined || shown === undefined) return null
    return { answer, whole, shown, groups, picture, rated: { seconds, sinceMs }, step, diff: shownDiff, lived }
  }, [answer, whole, shown, groups, picture, seconds, sinceMs, step, shownDiff, lived])
  return { topology, diff, frames, scenario: state.diff || state.scenario === '' ? null : runs, view }
}

interface ShownFrame {
  edges: readonly string[]
  frame: TopologyFramesAnswer['frames'][number]
  stepSeconds: number
}

function frameOf(frames: TopologyFramesAnswer | undefined, at: string): ShownFrame | null {
  const timeMs = minuteOf(at)
  if (frames === undefined || timeMs === null) return null
  const frame = frames.frames[frameAt(frames, timeMs)]
  return frame === undefined ? null : { edges: frames.edges, frame, stepSeconds: frames.stepSeconds }
}

function stepOf(shown: ShownFrame | null): TimeRange | null {
  if (shown === null) return null
  const startMs = Date.parse(shown.frame.time)
  return absolute(startMs, startMs + shown.stepSeconds * 1000)
}

/** A step of time travel is divided by its own length. */
function useRated(answer: TopologyAnswer | undefined, frame: ShownFrame | null): RatedWindow {
  const rated = useRatedWindow(answer?.window)
  return frame === null ? rated : { seconds: frame.stepSeconds, sinceMs: null }
}

const NO_GROUPS: ReadonlyMap<string, string> = new Map()

function useShown(
  whole: Topology | undefined,
  { node, focus, group, closed }: MapState,
): { shown: Collapsed | undefined; groups: ReadonlyMap<string, string> } {
  const layers = useTranslations('map.layer')
  return useMemo(() => {
    if (whole === undefined) return { shown: undefined, groups: NO_GROUPS }
    const groups = groupsOf(whole, group)
    const part = node === '' || focus < 1 ? whole : neighbourhood(whole, node, focus)
    const nameOf = (name: string): string => (group === 'layer' ? layers(name as Parameters<typeof layers>[0]) : name)
    return { shown: collapse(part, groups, closed, nameOf), groups }
  }, [whole, node, focus, group, closed, layers])
}

/** A difference shows edges, not runs. */
function useLived(shown: Collapsed | undefined, { scenario, diff }: MapState, answer: ScenarioMapAnswer | undefined): LivedMap | null {
  return useMemo(
    () => (answer === undefined || shown === undefined || scenario === '' || diff ? null : livedMap(answer, shown)),
    [answer, shown, scenario, diff],
  )
}

function usePicture(
  shown: Collapsed | undefined,
  { overlay }: MapState,
  { seconds, diff, lived }: { seconds: number } & Pick<MapView, 'diff' | 'lived'>,
): EdgePicture | null {
  const format = useFormat()
  const t = useTranslations('map.diff')
  const livedWords = useLivedWords()
  return useMemo(() => {
    if (shown === undefined) return null
    if (diff !== null) return diffPicture(diff, format, { new: t('new'), vanished: t('vanished') })
    if (lived !== null) return scenarioPicture(lived, (place) => livedWords(place, lived.total))
    return overlayPicture(shown.edges, overlay, { seconds, format })
  }, [shown, overlay, seconds, diff, lived, format, t, livedWords])
}
