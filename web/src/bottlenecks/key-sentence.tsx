'use client'
import type { BottleneckContributor, BottleneckEntry, BottlenecksAnswer } from '@skein/schemas/api/bottlenecks'
import { useTranslations } from 'next-intl'
import { useFormat } from '../format/use-format.ts'
import { HealthMark } from '../ui/health-mark.tsx'
import { ViewLink } from '../ui/view-link.tsx'
import type { LinkParameters } from '../url/view-state.ts'
import { isAlarming } from './matrix.ts'
import { nameOf } from './contributor-name.tsx'

/** The answer, before anything that proves it: which traces, how much of their time, where, and how it was. */
export function KeySentence({ answer }: { answer: BottlenecksAnswer }) {
  const t = useTranslations('bottlenecks.sentence')
  const format = useFormat()
  const [worst] = answer.contributors
  const { band, entry } = answer
  if (worst === undefined || entry === null) return null
  const meanMs = worst.share > 0 ? worst.selfMs / worst.share : 0
  const share = format.text(format.share(band.traces, entry.traces))
  return (
    <section aria-label={t('label')} className="flex flex-none flex-wrap items-center gap-x-4 gap-y-1 rounded-3 border border-line bg-surface px-3 py-2.5">
      <h2 className="flex items-center gap-2 text-16 leading-snug">
        <HealthMark health={isAlarming(worst, meanMs) ? 'bad' : 'ok'} size={14} />
        {t(band.name === 'all' ? 'all' : 'slowest', {
          share,
          part: format.text(format.share(worst.share, 1)),
          where: t(worst.part, { name: nameOf(worst), node: worst.node.name, operation: worst.operation }),
        })}
      </h2>
      <p className="text-t2">
        {t('numbers', {
          count: band.traces,
          traces: format.text(format.count(band.traces)),
          from: format.text(format.duration(band.fromMs)),
          self: format.text(format.duration(worst.selfMs)),
        })}
        <Baseline answer={answer} worst={worst} />
      </p>
      <span className="ml-auto flex gap-3">
        {worst.edge !== null && (
          <ViewLink path="/map" parameters={{ edge: worst.edge.id }}>
            {t('openEdge')}
          </ViewLink>
        )}
        <ViewLink path="/traces" parameters={tracesOf(answer, entry)}>
          {t('openTraces')}
        </ViewLink>
        {worst.exemplars[0] !== undefined && (
          <ViewLink path="/trace" parameters={{ id: worst.exemplars[0].traceId, span: worst.exemplars[0].spanId, critical: 'true' }}>
            {t('openTrace')}
          </ViewLink>
        )}
      </span>
    </section>
  )
}

/** The search for the traces of the band: those that start at the entry, and take at least as long as its shortest. */
function tracesOf({ band }: BottlenecksAnswer, { operation }: BottleneckEntry): LinkParameters {
  const least = Math.floor(band.fromMs)
  return { entry: operation, sort: 'longest', ...(least > 0 ? { minMs: String(least) } : {}) }
}

function Baseline({ answer, worst }: { answer: BottlenecksAnswer; worst: BottleneckContributor }) {
  const t = useTranslations('bottlenecks.sentence')
  const format = useFormat()
  if (answer.baseline === null || worst.baselineMs === null) return null
  const before = format.text(format.duration(worst.baselineMs))
  return (
    <>
      {' '}
      {answer.baseline.kind === 'release'
        ? t('wasRelease', { before, label: answer.baseline.label })
        : t(answer.baseline.kind === 'fast' ? 'wasFast' : 'wasWindow', { before })}
    </>
  )
}
