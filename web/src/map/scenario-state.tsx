'use client'
import type { ScenarioMapAnswer } from '@skein/schemas/api/scenario-map'
import { useTranslations } from 'next-intl'
import type { Answer } from '../api/use-answer.ts'
import { StaleChip } from '../ui/answer-gate.tsx'
import { Button } from '../ui/button.tsx'
import { Tag } from '../ui/chip.tsx'
import { failureWords } from '../ui/failure-words.ts'
import { Icon } from '../ui/icon.tsx'
import { useNoteText } from '../ui/use-note-text.ts'

/** Whether the runs that the map should show are there: awaited, of a scenario that is gone, failed, or looked at in part. */
export function ScenarioState({ answer, onRemove }: { answer: Answer<ScenarioMapAnswer>; onRemove: () => void }) {
  const t = useTranslations('map.scenario')
  const { data, error } = answer
  if (error?.failure.code === 'scenario_not_found') {
    return (
      <span role="alert" className="flex flex-none items-center gap-1.5">
        <Tag tone="degraded">
          <Icon name="warn" size={11} />
          {t('gone')}
        </Tag>
        <Button small onClick={onRemove}>
          {t('remove')}
        </Button>
      </span>
    )
  }
  if (data === undefined) return error === null ? <Tag>{t('awaited')}</Tag> : <Failed answer={answer} />
  return (
    <>
      {error !== null && <StaleChip answer={answer} />}
      <Looked notes={data.notes} />
    </>
  )
}

function Failed({ answer: { error, refetch } }: { answer: Answer<ScenarioMapAnswer> }) {
  const t = useTranslations('map.scenario')
  const words = useTranslations()
  if (error === null) return null
  return (
    <span role="alert" className="flex flex-none items-center gap-1.5">
      <Tag tone="bad" title={failureWords(words, error.failure) ?? error.failure.detail}>
        <Icon name="warn" size={11} />
        {t('notShown')}
      </Tag>
      <Button small onClick={() => void refetch()}>
        {words('action.retry')}
      </Button>
    </span>
  )
}

function Looked({ notes }: { notes: ScenarioMapAnswer['notes'] }) {
  const t = useTranslations('scenarios')
  const text = useNoteText('scenarios')
  return notes.map((note) => (
    <Tag key={note.code} title={text(note)}>
      {t(`note.${note.code}`, { count: note.count })}
    </Tag>
  ))
}
