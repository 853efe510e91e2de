'use client'
import type { RulesAnswer } from '@skein/schemas/api/log-rules'
import type { PipelineDefinition } from '@skein/schemas/log-rule'
import { useTranslations } from 'next-intl'
import { type FormEvent, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Field, INPUT_CLASS } from '../../ui/field.tsx'
import { Icon } from '../../ui/icon.tsx'
import { faultWords } from '../../ui/failure-words.ts'
import { readLogQuery } from '../url.ts'
import { Move } from './move.tsx'
import { pipelineName } from './pipeline-name.ts'

type Pipeline = RulesAnswer['pipelines'][number]
type PipelineChange = Partial<Pick<PipelineDefinition, 'name' | 'enabled' | 'match'>>

export interface PipelineHeadProps {
  pipeline: Pipeline
  at: number
  count: number
  onMove: (to: number) => void
  onChange: (change: PipelineChange) => void
  /** Only an empty pipeline can go. */
  onRemove?: () => void
}

/** Name of a pipeline and the lines it wants, which can be changed on the spot. */
export function PipelineHead({ pipeline, at, count, onMove, onChange, onRemove }: PipelineHeadProps) {
  const t = useTranslations('logs.rules')
  const [writing, setWriting] = useState(false)
  const { match, enabled } = pipeline
  const name = pipelineName(pipeline, t('main'))
  return (
    <header className="border-b border-line bg-sunken px-3 py-1.5">
      <div className="flex items-center gap-2">
        <input
          type="checkbox"
          checked={enabled}
          aria-label={t('switch', { name })}
          title={t('switch', { name })}
          onChange={() => onChange({ enabled: !enabled })}
        />
        <h3 className="min-w-0 flex-1 truncate">{name}</h3>
        <Move label={t('pipelineUp', { name })} up onClick={at > 0 ? () => onMove(at - 1) : undefined} />
        <Move label={t('pipelineDown', { name })} onClick={at < count - 1 ? () => onMove(at + 1) : undefined} />
        <Button look="ghost" small aria-expanded={writing} onClick={() => setWriting(!writing)}>
          {t('editPipeline')}
        </Button>
        {onRemove !== undefined && (
          <Button look="ghost" small square aria-label={t('removePipeline', { name })} title={t('removePipeline', { name })} onClick={onRemove}>
            <Icon name="close" size={12} />
          </Button>
        )}
      </div>
      <p className="mono truncate text-t3" title={match}>
        {match === '' ? t('everyLine') : match}
      </p>
      {writing && (
        <PipelineForm
          pipeline={pipeline}
          onChange={(change) => {
            setWriting(false)
            onChange(change)
          }}
        />
      )}
    </header>
  )
}

function PipelineForm({ pipeline, onChange }: { pipeline: Pipeline; onChange: (change: PipelineChange) => void }) {
  const t = useTranslations('logs.rules')
  const words = useTranslations()
  const [name, setName] = useState(pipeline.name)
  const [match, setMatch] = useState(pipeline.match)
  const read = readLogQuery(match)
  const save = (event: FormEvent) => {
    event.preventDefault()
    if (read.ok && name.trim() !== '') onChange({ name: name.trim(), match: match.trim() })
  }
  return (
    <form className="flex flex-col gap-1.5 pt-1.5" onSubmit={save}>
      <Field label={t('name')}>
        {(props) => <input {...props} type="text" value={name} className={INPUT_CLASS} onChange={({ target }) => setName(target.value)} />}
      </Field>
      <Field label={t('pipelineMatch')} errors={read.ok ? [] : [words('logs.query.fault', { column: read.column, detail: faultWords(words, read) })]}>
        {(props) => (
          <input {...props} type="text" value={match} className={`${INPUT_CLASS} mono`} spellCheck={false} onChange={({ target }) => setMatch(target.value)} />
        )}
      </Field>
      <p>
        <Button type="submit" small look="primary" disabled={!read.ok || name.trim() === ''} className="disabled:opacity-50">
          {t('save')}
        </Button>
      </p>
    </form>
  )
}
