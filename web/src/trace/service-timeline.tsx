'use client'
import { useTranslations } from 'next-intl'
import { useMemo } from 'react'
import { useFormat } from '../format/use-format.ts'
import { HealthMark } from '../ui/health-mark.tsx'
import { Minimap } from './minimap.tsx'
import { serviceQuery } from './service-bar.tsx'
import { drawnStretches, type ServiceLane, serviceLanes, type Stretch } from './service-lanes.ts'
import { ServiceTable } from './service-table.tsx'
import { nsText } from './span-duration.ts'
import type { SpanRow } from './span-row.ts'
import { TimeRuler } from './time-ruler.tsx'
import { barOf, formatZoom, parseZoom, type TimeWindow, windowOf } from './time-scale.ts'
import type { TraceModel } from './trace-model.ts'
import type { TraceState } from './url.ts'

/** Stretches nearer together than this share of the width are drawn as one. */
const LEAST = 0.0015
const FAILURES_SHOWN = 200

export interface ServiceTimelineProps {
  model: TraceModel
  rows: readonly SpanRow[]
  state: TraceState
  setState: (state: Partial<TraceState>) => void
}

/** Service by time: who was busy when, who waited for whom, where it failed. */
export function ServiceTimeline({ model, rows, state, setState }: ServiceTimelineProps) {
  const t = useTranslations('trace.lanes')
  const lanes = useMemo(() => serviceLanes(rows), [rows])
  const onPath = useMemo(() => pathOfServices(model), [model])
  const window = useMemo(() => windowOf(parseZoom(state.zoom), model.durationNs), [state.zoom, model.durationNs])
  const zoom = (from: number, to: number) => setState({ zoom: parseZoom(formatZoom(from, to)) === null ? '' : formatZoom(from, to) })
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <Minimap model={model} window={window} onZoom={zoom} />
      <TimeRuler window={window} zoomed={state.zoom !== ''} onReset={() => setState({ zoom: '' })} />
      <ul aria-label={t('label')} tabIndex={0} className="min-h-0 flex-[2] overflow-auto outline-offset-[-2px]">
        {lanes.map((lane) => (
          <Lane
            key={lane.service}
            lane={lane}
            onPath={onPath.get(lane.service) ?? []}
            window={window}
            color={model.colors.get(lane.service) ?? 'var(--unknown)'}
            active={state.q === serviceQuery(lane.service)}
            onFind={() => setState({ q: state.q === serviceQuery(lane.service) ? '' : serviceQuery(lane.service) })}
            onSelect={(span) => setState({ span })}
          />
        ))}
      </ul>
      <ServiceTable model={model} lanes={lanes} onOpen={(span) => setState({ span })} />
    </div>
  )
}

/** Stretches of the critical path by the service that holds them. */
function pathOfServices({ rows, path }: TraceModel): Map<string, Stretch[]> {
  const serviceOf = new Map(rows.filter((row) => path.rows.has(row.key)).map((row) => [row.key, row.span?.service ?? '']))
  return Map.groupBy(path.sections, (section) => serviceOf.get(section.key) ?? '')
}

interface LaneProps {
  lane: ServiceLane
  onPath: readonly Stretch[]
  window: TimeWindow
  color: string
  active: boolean
  onFind: () => void
  onSelect: (key: string) => void
}

function Lane({ lane, onPath, window, color, active, onFind, onSelect }: LaneProps) {
  const t = useTranslations('trace.lanes')
  const format = useFormat()
  const leastNs = (window.toNs - window.fromNs) * LEAST
  return (
    <li className="flex h-9 items-center border-b border-grid pr-3 hover:bg-hover">
      <div className="flex h-full w-[var(--name-w)] flex-none items-center gap-2 border-r border-line pr-2 pl-3">
        <i className="h-2 w-2 flex-none rounded-[2px]" style={{ background: color }} />
        <button type="button" aria-pressed={active} title={t('find')} onClick={onFind} className="min-w-0 truncate text-left font-medium hover:underline">
          {lane.service}
        </button>
        <span className="ml-auto flex-none text-11 text-t3">{t('spans', { count: lane.spans })}</span>
        {lane.failures.length > 0 && <HealthMark health="bad" size={10} />}
      </div>
      <div className="relative ml-3 h-full min-w-0 flex-1">
        <span className="sr-only">{t('busy', { time: nsText(lane.busyNs, format), count: lane.most })}</span>
        {drawnStretches(lane.busy, leastNs).map((stretch) => (
          <Mark key={stretch.startNs} stretch={stretch} window={window} className="top-[10px] h-3 rounded-[2px]" color={color} />
        ))}
        {drawnStretches(onPath, leastNs).map((stretch) => (
          <Mark key={stretch.startNs} stretch={stretch} window={window} className="top-[25px] h-0.5" color="var(--text-1)" />
        ))}
        {lane.failures.slice(0, FAILURES_SHOWN).map(({ atNs, key }) => {
          const bar = barOf(atNs, 0, window)
          return (
            bar !== null && (
              <button
                key={key}
                type="button"
                tabIndex={-1}
                aria-label={t('failure')}
                onClick={() => onSelect(key)}
                className="absolute top-[4px] -translate-x-1/2"
                style={{ left: `${bar.left * 100}%` }}
              >
                <HealthMark health="bad" size={11} />
              </button>
            )
          )
        })}
      </div>
    </li>
  )
}

function Mark({ stretch, window, className, color }: { stretch: Stretch; window: TimeWindow; className: string; color: string }) {
  const bar = barOf(stretch.startNs, stretch.endNs - stretch.startNs, window)
  if (bar === null) return null
  return <i className={`absolute min-w-px ${className}`} style={{ left: `${bar.left * 100}%`, width: `${bar.width * 100}%`, background: color }} />
}
