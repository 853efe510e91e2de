'use client'
import type { LogLine } from '@skein/schemas/api/logs'
import { useTranslations } from 'next-intl'
import { useFormat } from '../format/use-format.ts'
import { AnswerGate } from '../ui/answer-gate.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { ViewLink } from '../ui/view-link.tsx'
import { absolute } from '../url/time-range.ts'
import { BodyText } from './body-text.tsx'
import { lineMs } from './line-fields.ts'
import { type LogConditions, useLogs } from './questions.ts'
import { SeverityMark } from './severity-look.tsx'

const SHOWN = 8
const CHARACTERS = 160
/** Around a line, so that a search of its page finds it. */
const AROUND_MS = 300_000

export interface BriefLinesProps {
  conditions: LogConditions
  /** Names the service of each line. */
  services?: boolean
}

/** The newest few lines of something, each a link to itself. Those of another thing never stand in for them. */
export function BriefLines(props: BriefLinesProps) {
  return <Lines key={JSON.stringify(props.conditions)} {...props} />
}

function Lines({ conditions, services = false }: BriefLinesProps) {
  const t = useTranslations('logs.related')
  const logs = useLogs(conditions)
  return (
    <AnswerGate answer={logs} skeleton={<Skeleton rows={3} />}>
      {({ pages }) => {
        const lines = pages[0]?.lines ?? []
        if (lines.length === 0) return <p className="text-t3">{t('none')}</p>
        return (
          <ul>
            {lines.slice(0, SHOWN).map((line) => (
              <BriefLine key={line.id} line={line} service={services} />
            ))}
          </ul>
        )
      }}
    </AnswerGate>
  )
}

function BriefLine({ line, service }: { line: LogLine; service: boolean }) {
  const format = useFormat()
  const atMs = lineMs(line)
  return (
    <li className="border-b border-grid py-[3px] last:border-0">
      <ViewLink path="/logs" parameters={{ line: line.id, ...absolute(atMs - AROUND_MS, atMs + AROUND_MS) }} className="block text-t1">
        <span className="flex items-center gap-1.5 text-11 text-t3">
          <SeverityMark severity={line.severityClass} />
          {line.severityClass.toUpperCase()} <span className="mono">{format.clockMillis(atMs)}</span>
          {service && <span className="ml-auto truncate">{line.service}</span>}
        </span>
        <span className="mono line-clamp-2 leading-normal break-words">
          <BodyText body={line.body} most={CHARACTERS} />
        </span>
      </ViewLink>
    </li>
  )
}
