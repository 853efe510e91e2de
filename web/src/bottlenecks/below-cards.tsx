'use client'
import type { BottleneckFinding, BottlenecksAnswer, BottleneckShape } from '@skein/schemas/api/bottlenecks'
import type { Exemplar } from '@skein/schemas/api/topology'
import { useTranslations } from 'next-intl'
import { useFormat } from '../format/use-format.ts'
import { Card } from '../ui/card.tsx'
import { ViewLink } from '../ui/view-link.tsx'

/** What on the path could be otherwise. */
export function FindingsCard({ findings }: { findings: readonly BottleneckFinding[] }) {
  const t = useTranslations('bottlenecks.findings')
  return (
    <Card title={t('title')} sub={t('sub')} className="flex-none">
      {findings.length === 0 ? (
        <p className="px-3 pb-3 text-t3">{t('none')}</p>
      ) : (
        <ul className="grid" aria-label={t('title')}>
          {findings.slice(0, 8).map((finding) => (
            <FindingRow key={`${finding.kind} ${finding.node.id} ${finding.operation} ${finding.target?.id ?? ''}`} finding={finding} />
          ))}
        </ul>
      )}
    </Card>
  )
}

function FindingRow({ finding }: { finding: BottleneckFinding }) {
  const t = useTranslations('bottlenecks.findings')
  const format = useFormat()
  const { kind, node, operation, target, count, timeMs, savingMs, share } = finding
  const where = target === null ? node.name : `${node.name} → ${target.name}`
  return (
    <li className="flex min-h-9 items-center gap-3 border-t border-line px-3 py-1.5">
      <span className="min-w-0 flex-1">
        <b className="font-medium">{t(`kind.${kind}`, { count: Math.round(count) })}</b>{' '}
        <span className="text-t2">
          {where} <span className="text-t3">{operation}</span>
        </span>
      </span>
      <span className="hidden whitespace-nowrap text-t2 wide:inline">{t('inTraces', { share: format.text(format.share(share, 1)) })}</span>
      <span className="whitespace-nowrap">
        {savingMs > 0 ? t('saving', { ms: format.text(format.duration(savingMs)) }) : t('takes', { ms: format.text(format.duration(timeMs)) })}
      </span>
      <ExemplarLink exemplar={finding.exemplars[0]} />
    </li>
  )
}

/** The paths that traces of the band take. */
export function ShapesCard({ answer }: { answer: BottlenecksAnswer }) {
  const t = useTranslations('bottlenecks.shapes')
  return (
    <Card title={t('title')} sub={t('sub')} className="flex-none">
      <ul className="grid" aria-label={t('title')}>
        {answer.shapes.slice(0, 8).map((shape) => (
          <ShapeRow key={shape.hash} shape={shape} />
        ))}
      </ul>
    </Card>
  )
}

function ShapeRow({ shape }: { shape: BottleneckShape }) {
  const format = useFormat()
  return (
    <li className="flex items-start gap-3 border-t border-line px-3 py-1.5">
      <span className="w-14 flex-none text-right font-semibold whitespace-nowrap">{format.text(format.share(shape.share, 1))}</span>
      <span className="min-w-0 flex-1">
        {shape.path.map(({ service, operation }, at) => (
          <span key={`${service} ${operation}`}>
            {at > 0 && <span className="text-t3"> → </span>}
            <span className="font-medium">{service}</span> <span className="text-t3">{operation}</span>
          </span>
        ))}
      </span>
      <span className="whitespace-nowrap text-t2">{format.text(format.duration(shape.meanMs))}</span>
      <ExemplarLink exemplar={shape.exemplars[0]} />
    </li>
  )
}

function ExemplarLink({ exemplar }: { exemplar: Exemplar | undefined }) {
  const t = useTranslations('bottlenecks.sentence')
  if (exemplar === undefined) return null
  return (
    <ViewLink path="/trace" parameters={{ id: exemplar.traceId, span: exemplar.spanId, critical: 'true' }} className="flex-none whitespace-nowrap">
      {t('trace')}
    </ViewLink>
  )
}
